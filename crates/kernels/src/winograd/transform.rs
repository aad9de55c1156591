//! The transforms of a line of numbers. Those of a tile apply them to its columns, then to its rows.
//!
//! They evaluate polynomials at 0, ±5/8, ±3/2 and infinity. Compared with the usual ±1 and ±2, these points halve the
//! rounding errors, as no power of them is large ("Error Analysis and Improving the Accuracy of Winograd Convolution for
//! Deep Neural Networks", Barabasz et al., 2018), and they are exact in binary.

use crate::simd::Vector;

/// The positive points.
const P: f64 = 0.625;
const Q: f64 = 1.5;
/// Their powers.
const P2: f32 = (P * P) as f32;
const Q2: f32 = (Q * Q) as f32;
const P3: f32 = (P * P * P) as f32;
const Q3: f32 = (Q * Q * Q) as f32;
/// The weights of the points: one divided by the derivative of x (x² - P²) (x² - Q²).
const AT_0: f64 = 1.0 / (P * P * Q * Q);
const AT_P: f64 = 1.0 / (2.0 * P * P * (P * P - Q * Q));
const AT_Q: f64 = 1.0 / (2.0 * Q * Q * (Q * Q - P * P));

/// Transforms a line of the input: Bᵀ.
///
/// # Safety
/// The processor has the instructions of `V`.
#[inline(always)]
pub unsafe fn input<V: Vector>(line: [V; 6]) -> [V; 6] {
    unsafe {
        let [a, b, c, d, e, f] = line;
        let (minus_p2, minus_q2) = (V::splat(-P2), V::splat(-Q2));
        let (product, minus_sum) = (V::splat(P2 * Q2), V::splat(-(P2 + Q2)));
        let (even_p, odd_p) = (c.mul_add(minus_q2, e), b.mul_add(minus_q2, d));
        let (even_q, odd_q) = (c.mul_add(minus_p2, e), b.mul_add(minus_p2, d));
        let (odd_p, odd_q) = (odd_p.mul(V::splat(P as f32)), odd_q.mul(V::splat(Q as f32)));
        [
            a.mul_add(product, c.mul_add(minus_sum, e)),
            even_p.add(odd_p),
            even_p.sub(odd_p),
            even_q.add(odd_q),
            even_q.sub(odd_q),
            b.mul_add(product, d.mul_add(minus_sum, f)),
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
        let (sum_p, difference_p) = (b.add(c), b.sub(c));
        let (sum_q, difference_q) = (d.add(e), d.sub(e));
        [
            a.add(sum_p).add(sum_q),
            difference_q.mul_add(V::splat(Q as f32), difference_p.mul(V::splat(P as f32))),
            sum_q.mul_add(V::splat(Q2), sum_p.mul(V::splat(P2))),
            difference_q.mul_add(V::splat(Q3), difference_p.mul_add(V::splat(P3), f)),
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
        let number = |value: f64| V::splat(value as f32);
        let even_p = a.mul_add(number(AT_P), c.mul(number(AT_P * P * P)));
        let even_q = a.mul_add(number(AT_Q), c.mul(number(AT_Q * Q * Q)));
        let (odd_p, odd_q) = (b.mul(number(AT_P * P)), b.mul(number(AT_Q * Q)));
        [
            a.mul(number(AT_0)),
            even_p.add(odd_p),
            even_p.sub(odd_p),
            even_q.add(odd_q),
            even_q.sub(odd_q),
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
        let (even_p, even_q) = (c.mul_add(V::splat(P2), a), c.mul_add(V::splat(Q2), a));
        let odd_p = d.mul_add(V::splat(P3), b.mul(V::splat(P as f32)));
        let odd_q = d.mul_add(V::splat(Q3), b.mul(V::splat(Q as f32)));
        [a, even_p.add(odd_p), even_p.sub(odd_p), even_q.add(odd_q), even_q.sub(odd_q), d]
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
        let number = |value: f64| V::splat(value as f32);
        let (sum_p, difference_p) = (b.add(c), b.sub(c));
        let (sum_q, difference_q) = (d.add(e), d.sub(e));
        [
            a.mul_add(number(AT_0), sum_p.mul_add(number(AT_P), sum_q.mul(number(AT_Q)))),
            difference_p.mul_add(number(AT_P * P), difference_q.mul(number(AT_Q * Q))),
            sum_p.mul_add(number(AT_P * P * P), sum_q.mul_add(number(AT_Q * Q * Q), f)),
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
