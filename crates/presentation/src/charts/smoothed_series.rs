//! A smoothed series that grows with every step and stays short.

/// Values that the moving average covers by default.
const WINDOW: f64 = 10.0;

/// When there are twice as many bins as this, neighbors are joined.
const BINS: usize = 512;

/// Some neighboring values. Joining bins keeps their range, so that no spike is lost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// x of the first value.
    pub from: f64,
    /// x of the last value.
    pub to: f64,
    pub lowest: f64,
    pub highest: f64,
    /// The moving average at `to`.
    pub smoothed: f64,
}

/// Values along x and their exponential moving average, in at most 1,024 bins. Adding a value takes the same time
/// however many there are.
#[derive(Debug, Clone, PartialEq)]
pub struct SmoothedSeries {
    /// The decay of the moving average, 0 to 1.
    decay: f64,
    bins: Vec<Bin>,
    /// Values in a full bin.
    per_bin: usize,
    /// Values in the last bin.
    in_last: usize,
    /// The moving average, without bias correction.
    average: f64,
    /// The total weight of the values in the average, for the bias correction.
    weight: f64,
}

impl Default for SmoothedSeries {
    fn default() -> Self {
        Self::smoothed_over(WINDOW)
    }
}

impl SmoothedSeries {
    /// An empty series whose moving average covers about this many values.
    pub fn smoothed_over(values: f64) -> Self {
        let decay = 1.0 - 1.0 / values.max(1.0);
        Self { decay, bins: Vec::new(), per_bin: 1, in_last: 0, average: 0.0, weight: 0.0 }
    }

    /// Adds a value after all others.
    pub fn push(&mut self, x: f64, y: f64) {
        self.average = self.decay * self.average + (1.0 - self.decay) * y;
        self.weight = self.decay * self.weight + (1.0 - self.decay);
        let smoothed = self.average / self.weight;
        let single = Bin { from: x, to: x, lowest: y, highest: y, smoothed };
        match self.bins.last_mut() {
            Some(last) if self.in_last < self.per_bin => {
                *last = join(last, &single);
                self.in_last += 1;
            }
            _ => {
                if self.bins.len() == 2 * BINS {
                    self.halve();
                }
                self.bins.push(single);
                self.in_last = 1;
            }
        }
    }

    /// Removes everything after `x`, where a run continues from a checkpoint.
    pub fn truncate(&mut self, x: f64) {
        self.bins.retain(|bin| bin.to <= x);
        self.in_last = self.per_bin;
        if let Some(last) = self.bins.last() {
            self.average = last.smoothed;
            self.weight = 1.0;
        } else {
            *self = Self { decay: self.decay, ..Self::default() };
        }
    }

    /// In the order of x.
    pub fn bins(&self) -> &[Bin] {
        &self.bins
    }

    fn halve(&mut self) {
        self.bins = self
            .bins
            .chunks(2)
            .map(|pair| pair[1..].iter().fold(pair[0], |joined, next| join(&joined, next)))
            .collect();
        self.per_bin *= 2;
    }
}

fn join(first: &Bin, second: &Bin) -> Bin {
    Bin {
        from: first.from,
        to: second.to,
        lowest: first.lowest.min(second.lowest),
        highest: first.highest.max(second.highest),
        smoothed: second.smoothed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(values: impl IntoIterator<Item = f64>) -> SmoothedSeries {
        let mut series = SmoothedSeries::default();
        for (index, value) in values.into_iter().enumerate() {
            series.push(index as f64, value);
        }
        series
    }

    #[test]
    fn a_short_series_has_every_value() {
        let series = series([3.0, 1.0, 2.0]);
        let values: Vec<(f64, f64)> =
            series.bins().iter().map(|bin| (bin.to, bin.highest)).collect();
        assert_eq!(values, [(0.0, 3.0), (1.0, 1.0), (2.0, 2.0)]);
        // The average starts at the first value.
        assert!((series.bins()[0].smoothed - 3.0).abs() < 1e-12);
    }

    #[test]
    fn a_long_series_is_binned_without_losing_spikes() {
        let spike = 7_777;
        let series = series((0..20_000).map(|i| if i == spike { 9.0 } else { 1.0 }));
        let bins = series.bins();
        assert!(bins.len() <= 2 * BINS, "{} bins", bins.len());
        assert_eq!(bins.iter().map(|bin| bin.highest).fold(0.0, f64::max), 9.0);
        assert_eq!((bins[0].from, bins[bins.len() - 1].to), (0.0, 19_999.0));
        assert!(bins.windows(2).all(|pair| pair[0].to < pair[1].from));
    }

    #[test]
    fn a_truncated_series_continues_where_it_ends() {
        let mut series = series((0..100).map(f64::from));
        series.truncate(49.0);
        assert_eq!(series.bins().len(), 50);
        series.push(50.0, 50.0);
        assert_eq!(series.bins().last().map(|bin| (bin.from, bin.to)), Some((50.0, 50.0)));
        series.truncate(-1.0);
        assert_eq!(series, SmoothedSeries::default());
    }
}
