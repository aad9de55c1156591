/// A number with about three digits.
export const number = (value) => value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);
