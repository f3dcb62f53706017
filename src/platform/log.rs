//! Lines of the log, and the data points beside them.

use crate::telemetry::{DataPoint, LogLine};
use std::cell::OnceCell;
use worker::wasm_bindgen::JsValue;
use worker::web_sys::console;
use worker::{AnalyticsEngineDataPointBuilder, AnalyticsEngineDataset, Env, Result};

/// The binding for metrics, which need not be there.
const METRICS: &str = "METRICS";

/// Writes a line of the log, as an error if the relay, PayTR or the shop failed for good.
pub fn log(env: &Env, line: &LogLine<'_>) {
    let text = JsValue::from(line.text());
    if line.is_error() {
        console::error_1(&text);
    } else {
        console::log_1(&text);
    }
    // A count that is lost must not change the answer.
    let _ = count(env, line);
}

/// Counts a line in Analytics Engine, if wrangler.toml binds a data set.
fn count(env: &Env, line: &LogLine<'_>) -> Result<()> {
    thread_local! {
        static DATASET: OnceCell<Option<AnalyticsEngineDataset>> = const { OnceCell::new() };
    }
    let dataset = DATASET.with(|dataset| dataset.get_or_init(|| env.analytics_engine(METRICS).ok()).clone());
    let Some(dataset) = dataset else { return Ok(()) };
    let DataPoint { index, blobs, doubles } = line.into();
    let point = AnalyticsEngineDataPointBuilder::new().indexes([index].as_slice()).blobs(blobs).doubles(doubles);
    point.write_to(&dataset)
}
