//! What came out, class by class.

use crate::classes::Rule;
use crate::judges::Verdict;

/// A class and its counts.
pub struct Row {
    pub name: &'static str,
    pub rule: Rule,
    cases: usize,
    judges: [Option<Counts>; 4],
}

#[derive(Clone, Copy, Default)]
struct Counts {
    accepted: usize,
    choked: usize,
}

impl Row {
    pub fn new(name: &'static str, rule: Rule) -> Self {
        Self { name, rule, cases: 0, judges: [None; 4] }
    }

    pub fn count(&mut self, verdicts: [Option<Verdict>; 4]) {
        self.cases += 1;
        for (counts, verdict) in self.judges.iter_mut().zip(verdicts) {
            let Some(verdict) = verdict else { continue };
            let counts = counts.get_or_insert_default();
            counts.accepted += usize::from(verdict == Verdict::Accepted);
            counts.choked += usize::from(verdict == Verdict::Choked);
        }
    }

    /// Refused here, accepted by one of the others.
    fn is_stricter(&self) -> bool {
        self.rule == Rule::Refuse && self.judges.iter().flatten().any(|counts| counts.accepted > 0)
    }
}

/// Prints all classes, those where the relay is stricter marked with a star.
pub fn print(seed: u64, cases: usize, rows: &[Row]) {
    println!("\nseed {seed:#x}, {cases} cases; accepted by");
    println!("  {:<55} {:>5} {:>6} {:>6} {:>6} {:>6}", "class", "cases", "relay", "Rust", "npm", "PyPI");
    for row in rows {
        let [relay, rust, npm, pypi] =
            row.judges.map(|counts| counts.map_or("-".to_owned(), |Counts { accepted, .. }| accepted.to_string()));
        let star = if row.is_stricter() { '*' } else { ' ' };
        println!("{star} {:<55} {:>5} {relay:>6} {rust:>6} {npm:>6} {pypi:>6}", row.name, row.cases);
    }
    for row in rows.iter().filter(|row| row.rule == Rule::Skip) {
        let [_, rust, npm, pypi] = row.judges.map(|counts| counts.unwrap_or_default().choked);
        println!("  broke off without a verdict: Rust {rust}, npm {npm}, PyPI {pypi}: {}", row.name);
    }
    let stricter = rows.iter().filter(|row| row.is_stricter());
    let (classes, cases) = stricter.fold((0, 0), |(classes, cases), row| (classes + 1, cases + row.cases));
    println!("* the relay is stricter than one of the others in {classes} classes, {cases} cases\n");
}
