error-architecture-unknown = 没有名为“{ $name }”的架构。请选择 { $known }；学生模型请选择 { $students }。
