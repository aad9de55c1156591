# $name: what was asked for. $known, $students: lists of architectures
error-architecture-unknown = There is no architecture “{ $name }”. Choose { $known }, or { $students } as a student.
