//! The transforms of a line of numbers. Those of a tile apply them to its columns, then to its rows.

use crate::simd::Vector;

/// Transforms a line of the input: Bᵀ of F(4, 3) with the points 0, ±1, ±2 and infinity.
///
/// # Safety
/// The processor has the instructions of `V`.
#[inline(always)]
pub unsafe fn input<V: Vector>(line: [V; 6]) -> [V; 6] {
    unsafe {
        let [a, b, c, d, e, f] = line;
        let four = V::splat(4.0);
        let (minus_four, minus_five) = (V::splat(-4.0), V::splat(-5.0));
        let (even, odd) = (c.mul_add(minus_four, e), b.mul_add(minus_four, d));
        let (even_too, odd_too) = (e.sub(c), d.sub(b));
        let odd_too = odd_too.add(odd_too);
        [
            a.mul_add(four, c.mul_add(minus_five, e)),
            even.add(odd),
            even.sub(odd),
            even_too.add(odd_too),
            even_too.sub(odd_too),
            b.mul_add(four, d.mul_add(minus_five, f)),
        ]
    }
}

/// Transforms a line of components back to the output: Aᵀ.
///
/// # Safety
/// The processor has the instructions of `V`.
#[inline(always)]
pub unsafe fn output<V: Vector>(line: [V; 6]) -> [V; 4] {
    unsafe {
        let [a, b, c, d, e, f] = line;
        let (sum, difference) = (b.add(c), b.sub(c));
        let (sum_too, difference_too) = (d.add(e), d.sub(e));
        [
            a.add(sum).add(sum_too),
            difference_too.mul_add(V::splat(2.0), difference),
            sum_too.mul_add(V::splat(4.0), sum),
            difference_too.mul_add(V::splat(8.0), difference).add(f),
        ]
    }
}

/// Transforms a line of the kernel: G.
///
/// # Safety
/// The processor has the instructions of `V`.
#[inline(always)]
pub unsafe fn weights<V: Vector>(line: [V; 3]) -> [V; 6] {
    unsafe {
        let [a, b, c] = line;
        let sixth = V::splat(-1.0 / 6.0);
        let (even, odd) = (a.add(c).mul(sixth), b.mul(sixth));
        let even_too = a.mul_add(V::splat(1.0 / 24.0), c.mul(V::splat(1.0 / 6.0)));
        let odd_too = b.mul(V::splat(1.0 / 12.0));
        [
            a.mul(V::splat(0.25)),
            even.add(odd),
            even.sub(odd),
            even_too.add(odd_too),
            even_too.sub(odd_too),
            c,
        ]
    }
}

/// Transforms a line of the output's gradient: A.
///
/// # Safety
/// The processor has the instructions of `V`.
#[inline(always)]
pub unsafe fn output_gradient<V: Vector>(line: [V; 4]) -> [V; 6] {
    unsafe {
        let [a, b, c, d] = line;
        let (even, odd) = (a.add(c), b.add(d));
        let even_too = c.mul_add(V::splat(4.0), a);
        let odd_too = d.mul_add(V::splat(8.0), b.add(b));
        [a, even.add(odd), even.sub(odd), even_too.add(odd_too), even_too.sub(odd_too), d]
    }
}

/// Transforms a line of components back to the kernel's gradient: Gᵀ.
///
/// # Safety
/// The processor has the instructions of `V`.
#[inline(always)]
pub unsafe fn weight_gradient<V: Vector>(line: [V; 6]) -> [V; 3] {
    unsafe {
        let [a, b, c, d, e, f] = line;
        let (sum, difference) = (b.add(c).mul(V::splat(1.0 / 6.0)), c.sub(b));
        let (sum_too, difference_too) = (d.add(e), d.sub(e));
        [
            a.mul_add(V::splat(0.25), sum_too.mul(V::splat(1.0 / 24.0))).sub(sum),
            difference.mul_add(V::splat(1.0 / 6.0), difference_too.mul(V::splat(1.0 / 12.0))),
            sum_too.mul_add(V::splat(1.0 / 6.0), f).sub(sum),
        ]
    }
}

/// Applies the transform of a line to the columns of a square, then to the rows of the result.
macro_rules! square {
    ($transform:path, $square:expr, $from:literal, $to:literal) => {{
        let square = &$square;
        let mut columns = [[V::splat(0.0); $from]; $to];
        for column in 0..$from {
            let mut line = [V::splat(0.0); $from];
            for row in 0..$from {
                line[row] = square[row][column];
            }
            let line = $transform(line);
            for row in 0..$to {
                columns[row][column] = line[row];
            }
        }
        let mut result = [[V::splat(0.0); $to]; $to];
        for row in 0..$to {
            result[row] = $transform(columns[row]);
        }
        result
    }};
}
pub(crate) use square;
