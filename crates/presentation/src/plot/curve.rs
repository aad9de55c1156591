//! A curve that grows with every step and never gets long.

/// Values that the smoothed curve looks back on, where nothing else is said.
const WINDOW: f64 = 10.0;

/// When there are twice as many pieces as this, neighbours are joined.
const PIECES: usize = 512;

/// Some neighbouring values: joined, their range stays, so that no spike is lost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Piece {
    /// Of the first and of the last value.
    pub from: f64,
    pub to: f64,
    pub lowest: f64,
    pub highest: f64,
    /// The smoothed curve at `to`.
    pub smooth: f64,
}

/// Values along x, and a smoothed curve through them, in at most 1,024 pieces. Adding a value costs
/// the same however many there were.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// How much of the smoothed value each new one leaves, 0 to 1.
    keep: f64,
    pieces: Vec<Piece>,
    /// Values in a full piece; the last one may be filling still.
    per_piece: usize,
    in_last: usize,
    /// The exponential mean, not yet corrected for its start from zero, and its weight.
    mean: f64,
    weight: f64,
}

impl Default for Curve {
    fn default() -> Self {
        Self::smoothed_over(WINDOW)
    }
}

impl Curve {
    /// An empty curve whose smoothed one looks back on about so many values.
    pub fn smoothed_over(values: f64) -> Self {
        let keep = 1.0 - 1.0 / values.max(1.0);
        Self { keep, pieces: Vec::new(), per_piece: 1, in_last: 0, mean: 0.0, weight: 0.0 }
    }

    /// Adds a value behind all others.
    pub fn push(&mut self, x: f64, y: f64) {
        self.mean = self.keep * self.mean + (1.0 - self.keep) * y;
        self.weight = self.keep * self.weight + (1.0 - self.keep);
        let smooth = self.mean / self.weight;
        let single = Piece { from: x, to: x, lowest: y, highest: y, smooth };
        match self.pieces.last_mut() {
            Some(last) if self.in_last < self.per_piece => {
                *last = join(last, &single);
                self.in_last += 1;
            }
            _ => {
                if self.pieces.len() == 2 * PIECES {
                    self.halve();
                }
                self.pieces.push(single);
                self.in_last = 1;
            }
        }
    }

    /// Forgets everything beyond `x`: a run goes on from before its end.
    pub fn cut(&mut self, x: f64) {
        self.pieces.retain(|piece| piece.to <= x);
        self.in_last = self.per_piece;
        if let Some(last) = self.pieces.last() {
            self.mean = last.smooth;
            self.weight = 1.0;
        } else {
            *self = Self { keep: self.keep, ..Self::default() };
        }
    }

    /// All of it, in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    fn halve(&mut self) {
        self.pieces = self
            .pieces
            .chunks(2)
            .map(|pair| pair[1..].iter().fold(pair[0], |joined, next| join(&joined, next)))
            .collect();
        self.per_piece *= 2;
    }
}

fn join(first: &Piece, second: &Piece) -> Piece {
    Piece {
        from: first.from,
        to: second.to,
        lowest: first.lowest.min(second.lowest),
        highest: first.highest.max(second.highest),
        smooth: second.smooth,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(values: impl IntoIterator<Item = f64>) -> Curve {
        let mut curve = Curve::default();
        for (index, value) in values.into_iter().enumerate() {
            curve.push(index as f64, value);
        }
        curve
    }

    #[test]
    fn a_short_one_keeps_every_value() {
        let curve = curve([3.0, 1.0, 2.0]);
        let values: Vec<(f64, f64)> = curve.pieces().iter().map(|p| (p.to, p.highest)).collect();
        assert_eq!(values, [(0.0, 3.0), (1.0, 1.0), (2.0, 2.0)]);
        assert!(
            (curve.pieces()[0].smooth - 3.0).abs() < 1e-12,
            "the mean starts at the first value"
        );
    }

    #[test]
    fn a_long_one_stays_short_and_keeps_its_spike() {
        let spike = 7_777;
        let curve = curve((0..20_000).map(|i| if i == spike { 9.0 } else { 1.0 }));
        assert!(curve.pieces().len() <= 2 * PIECES, "{} pieces", curve.pieces().len());
        let highest = curve.pieces().iter().map(|p| p.highest).fold(0.0, f64::max);
        assert_eq!(highest, 9.0);
        let (first, last) = (curve.pieces()[0], curve.pieces()[curve.pieces().len() - 1]);
        assert_eq!((first.from, last.to), (0.0, 19_999.0));
        assert!(curve.pieces().windows(2).all(|pair| pair[0].to < pair[1].from));
    }

    #[test]
    fn a_cut_one_goes_on_where_it_was_cut() {
        let mut cut = curve((0..100).map(f64::from));
        cut.cut(49.0);
        assert_eq!(cut.pieces().len(), 50);
        cut.push(50.0, 50.0);
        assert_eq!(cut.pieces().last().map(|piece| (piece.from, piece.to)), Some((50.0, 50.0)));
        cut.cut(-1.0);
        assert_eq!(cut, Curve::default());
    }
}
