//! Whatever the relay accepts, all accept.

use crate::case::Case;
use crate::classes::{self, Class, Rule, without_skipped_entries};
use crate::judges::{self, Verdict};
use crate::random::Random;
use crate::table::{Row, print};
use libtest_mimic::{Failed, Trial};
use std::time::{SystemTime, UNIX_EPOCH};

const SEED: u64 = 0x7061_7974_7262_7265;
const CASES_OF_A_CLASS: usize = 300;
const LEAST_CASES: usize = 20_000;

pub fn tests() -> Vec<Trial> {
    vec![Trial::test("whatever_the_relay_accepts_all_published_libraries_accept", || {
        whatever_the_relay_accepts_all_accept().map_err(Failed::from)
    })]
}

/// A case and what each judge says of it; `None` where a library is not installed.
struct Judged {
    row: usize,
    case: Case,
    verdicts: [Option<Verdict>; 4],
}

fn whatever_the_relay_accepts_all_accept() -> Result<(), String> {
    let (mut judged, mut rows) = (Vec::new(), Vec::new());
    for (number, class) in classes::all().iter().enumerate() {
        rows.push(Row::new(class.name, class.rule));
        let row = rows.len() - 1;
        let cases: Vec<Judged> =
            (0..CASES_OF_A_CLASS).map(|place| judge_within_a_second(class, number, place, row)).collect();
        judged.extend(cases);
    }
    rows.push(Row::new("… those with entries to skip, without them", Rule::Accept));
    let twins: Vec<Judged> = judged
        .iter()
        .filter(|judged| rows[judged.row].rule == Rule::Skip)
        .map(|judged| {
            let case = without_skipped_entries(judged.case.clone());
            Judged { row: rows.len() - 1, verdicts: first_verdicts(&case), case }
        })
        .collect();
    judged.extend(twins);
    assert!(judged.len() >= LEAST_CASES, "{} cases are too few", judged.len());

    let cases: Vec<&Case> = judged.iter().map(|judged| &judged.case).collect();
    let (npm, pypi) = (judges::npm(&cases), judges::pypi(&cases));
    for (place, verdicts) in [(2, npm), (3, pypi)] {
        match verdicts {
            Ok(verdicts) => {
                for (judged, verdict) in judged.iter_mut().zip(verdicts) {
                    judged.verdicts[place] = Some(verdict);
                }
            }
            Err(reason) if on_ci() => return Err(reason),
            Err(reason) => println!("skipped: {reason}"),
        }
    }

    for judged in &judged {
        rows[judged.row].count(judged.verdicts);
    }
    print(SEED, judged.len(), &rows);
    judged.iter().try_for_each(|judged| hold(&rows[judged.row], judged))
}

/// The Rust library reads the system's clock, so a case is thrown away if the second ends meanwhile.
fn judge_within_a_second(class: &Class, number: usize, place: usize, row: usize) -> Judged {
    loop {
        let now = clock();
        let case = (class.make)(&mut Random::new(SEED, number, place), now);
        let verdicts = first_verdicts(&case);
        if clock() == now {
            return Judged { row, case, verdicts };
        }
    }
}

fn first_verdicts(case: &Case) -> [Option<Verdict>; 4] {
    [Some(judges::relay(case)), Some(judges::rust(case)), None, None]
}

fn hold(row: &Row, Judged { case, verdicts: [relay, others @ ..], .. }: &Judged) -> Result<(), String> {
    let accepted = *relay == Some(Verdict::Accepted);
    if accepted != (row.rule != Rule::Refuse) {
        return Err(format!("{}: the relay says {relay:?} of {}", row.name, case.to_json()));
    }
    // Breaking off at an entry that the specification lets a sender add is no verdict on the request.
    let bearable =
        |other: &Verdict| *other == Verdict::Accepted || (row.rule == Rule::Skip && *other == Verdict::Choked);
    if accepted && !others.iter().flatten().all(bearable) {
        return Err(format!("{}: accepted, but by Rust, npm, PyPI {others:?}: {}", row.name, case.to_json()));
    }
    Ok(())
}

fn on_ci() -> bool {
    std::env::var("CI").is_ok_and(|ci| ci == "true")
}

#[expect(clippy::disallowed_methods, reason = "the published Rust library reads the system's clock")]
fn clock() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}
