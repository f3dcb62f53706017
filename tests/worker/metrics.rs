//! Data points in Analytics Engine, as workerd's own binding sends them.

use crate::support::data_directory::DataDirectory;
use crate::support::prelude::*;

crate::tests![every_line_is_a_data_point_where_a_data_set_is_bound];

const SERVICE: &str = "metrics";

async fn every_line_is_a_data_point_where_a_data_set_is_bound(suite: Arc<Suite>) {
    let data = DataDirectory::new();
    let workerd = Workerd::start(&data, &[Service::new(SERVICE, &suite.sandbox.base_url()).metrics()]);
    let sent = Signed::new(message::sms(&people::link_id(), &people::phone()));
    let foreign = Signed::with(&secrets::foreign(), &sent.id, now(), sent.body.clone());
    for signed in [&sent, &sent.retry(), &foreign] {
        workerd.post(SERVICE, signed).await;
    }
    let points = || -> Vec<Value> { workerd.lines().iter().filter_map(|line| line.get("point").cloned()).collect() };
    wait_until("there are three data points", || points().len() >= 3).await;
    // They are sent on after the answers, in no order.
    let point = |code: &str, replayed: u8| -> Value {
        let found = points().into_iter().find(|point| point["blob2"] == code && point["double5"] == replayed);
        found.unwrap_or_else(|| panic!("no {code}, {replayed} among {:?}", points()))
    };
    let members = |point: &Value| {
        ["index1", "blob1", "blob3", "blob4", "blob5", "double1", "double4"].map(|name| point[name].clone())
    };
    let ok = [json!("sent"), json!("sent"), json!("link.send_sms"), json!("success"), json!(""), json!(200), json!(1)];
    assert_eq!(members(&point("sent", 0)), ok);
    assert_eq!(members(&point("sent", 1)), ok);
    let reason = json!("no signature matches a secret");
    let refused = [json!("refused"), json!("refused"), json!(""), json!(""), reason, json!(401), json!(0)];
    assert_eq!(members(&point("invalid-signature", 0)), refused);
}
