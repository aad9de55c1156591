//! How the arrow keys read a chart.

/// Positions by which one `PageUp` or `PageDown` moves.
const PAGE: usize = 5;

/// The positions that the keyboard can read: values of x, or ranks from 1.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ReadingOrder {
    /// Rising.
    stops: Vec<f64>,
    /// The position that is read first.
    start: f64,
}

impl ReadingOrder {
    /// Along an axis; the last position is read first. The positions may be in any order.
    pub fn along_axis(mut stops: Vec<f64>) -> Self {
        stops.sort_by(f64::total_cmp);
        stops.dedup();
        Self { start: stops.last().copied().unwrap_or(0.0), stops }
    }

    /// By rank, from the first to the last of `count`.
    pub fn by_rank(count: usize) -> Self {
        Self { stops: (1..=count).map(|rank| rank as f64).collect(), start: 1.0 }
    }

    /// The first and the last position; `None` if there is nothing to read.
    pub fn range(&self) -> Option<(f64, f64)> {
        Some((*self.stops.first()?, *self.stops.last()?))
    }

    /// What is read at `cursor`: a position within the range, the first to read without a cursor.
    pub fn position(&self, cursor: Option<f64>) -> Option<f64> {
        let (first, last) = self.range()?;
        Some(cursor.unwrap_or(self.start).clamp(first, last))
    }

    /// Where a key moves the cursor, by the key's name in the DOM; `None` if it moves nothing.
    pub fn after_key(&self, key: &str, cursor: Option<f64>) -> Option<f64> {
        let (first, last) = self.range()?;
        let position = self.position(cursor)?;
        let below = self.stops.partition_point(|stop| *stop < position);
        let above = self.stops.partition_point(|stop| *stop <= position);
        let stop = |index: usize| self.stops[index.min(self.stops.len() - 1)];
        Some(match key {
            "ArrowLeft" | "ArrowDown" => stop(below.saturating_sub(1)),
            "ArrowRight" | "ArrowUp" => stop(above),
            "PageDown" => stop(below.saturating_sub(PAGE)),
            "PageUp" => stop(above + PAGE - 1),
            "Home" => first,
            "End" => last,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_move_from_stop_to_stop() {
        let order = ReadingOrder::along_axis(vec![3.0, 0.5, 1.0, 2.0, 3.0]);
        assert_eq!((order.range(), order.position(None)), (Some((0.5, 3.0)), Some(3.0)));
        assert_eq!(order.after_key("ArrowLeft", None), Some(2.0));
        assert_eq!(order.after_key("ArrowLeft", Some(1.7)), Some(1.0));
        assert_eq!(order.after_key("ArrowRight", Some(1.7)), Some(2.0));
        assert_eq!(order.after_key("ArrowRight", Some(3.0)), Some(3.0));
        assert_eq!(order.after_key("ArrowDown", Some(0.5)), Some(0.5));
        assert_eq!(order.after_key("Home", Some(2.0)), Some(0.5));
        assert_eq!(order.after_key("End", Some(2.0)), Some(3.0));
        assert_eq!(order.after_key("Tab", Some(2.0)), None);
    }

    #[test]
    fn pages_move_by_several_stops() {
        let order = ReadingOrder::by_rank(12);
        assert_eq!(order.position(None), Some(1.0));
        assert_eq!(order.after_key("ArrowRight", None), Some(2.0));
        assert_eq!(order.after_key("PageUp", None), Some(6.0));
        assert_eq!(order.after_key("PageUp", Some(9.0)), Some(12.0));
        assert_eq!(order.after_key("PageDown", Some(9.0)), Some(4.0));
    }

    #[test]
    fn positions_stay_in_the_range() {
        let order = ReadingOrder::by_rank(3);
        assert_eq!(order.position(Some(7.0)), Some(3.0));
        let empty = ReadingOrder::by_rank(0);
        assert_eq!((empty.range(), empty.after_key("Home", None)), (None, None));
    }
}
