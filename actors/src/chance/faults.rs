//! The draws of faults: each a function of the seed, of the fault's place in its list, and of how much it had looked at
//! before; of nothing else that happened.

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

use super::{Chance, DelayModel};
use crate::faults::Probability;

/// What is drawn for one thing that a fault looks at.
#[derive(Debug)]
pub struct FaultDraws(ChaCha8Rng);

impl Chance {
    /// The draws of the fault at this place, for the one of this number that it looked at: on the socket of this
    /// number, or of all requests where that is 0.
    #[must_use]
    pub fn fault(&self, place: u32, socket: u64, number: u64) -> FaultDraws {
        // A key of its own, so that no fault says anything of an id or a delay.
        let mut key = self.key.map(|byte| byte ^ 0x5a);
        let own = place.to_le_bytes().into_iter().chain(socket.to_le_bytes());
        key[8..].iter_mut().zip(own).for_each(|(byte, own)| *byte ^= own);
        let mut rng = ChaCha8Rng::from_seed(key);
        rng.set_stream(number);
        FaultDraws(rng)
    }
}

impl FaultDraws {
    pub(crate) fn happens(&mut self, probability: Probability) -> bool {
        self.0.random_range(0..Probability::BILLIONTHS) < probability.billionths()
    }

    /// A delay, in microseconds.
    pub fn delay_us(&mut self, model: &DelayModel) -> u64 {
        model.draw_us(&mut self.0)
    }

    /// A number from 1 to this.
    pub(crate) fn upto(&mut self, most: u64) -> u64 {
        self.0.random_range(1..=most.max(1))
    }
}
