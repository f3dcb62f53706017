//! When events are delivered to a shop that was down, by the relay's own schedule: `herd BACK SEED` reads from standard
//! input when each event was tried first, in milliseconds, a line each, and prints when each is taken. The shop is down
//! until BACK, milliseconds too. An event that is given up before that is left out.
//!
//! A try takes no time here. What workerd makes of it is `growth.mjs`'s affair.

use paytr_link_relay::events::schedule::{Next, ShopResponse, after_try};
use std::io::{self, BufRead};
use std::{array, env};

/// Odd, and about the golden ratio of 64 bits: `SplitMix64`'s step.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

fn main() -> io::Result<()> {
    let mut arguments = env::args().skip(1);
    let numbers: [Option<u64>; 2] = array::from_fn(|_| arguments.next().and_then(|number| number.parse().ok()));
    let [Some(back), Some(mut seed)] = numbers else { return Err(io::Error::other("usage: herd BACK SEED")) };
    for line in io::stdin().lock().lines() {
        let first = line?.parse().map_err(io::Error::other)?;
        if let Some(taken) = taken_at(first, back, &mut seed) {
            println!("{taken}");
        }
    }
    Ok(())
}

fn taken_at(first: u64, back: u64, seed: &mut u64) -> Option<u64> {
    let (mut at, mut tries) = (first, 0_u32);
    while at < back {
        tries = tries.saturating_add(1);
        at = match after_try(tries, ShopResponse::Failed { retry_after_ms: None }, random(seed), at) {
            Next::At(next) => next,
            Next::Delivered | Next::Dead => return None,
        };
    }
    Some(at)
}

fn random(seed: &mut u64) -> u32 {
    *seed = seed.wrapping_add(STEP);
    let mixed = (*seed ^ (*seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    u32::try_from(mixed >> 32).unwrap_or_default()
}
