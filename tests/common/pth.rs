//! Writes PyTorch files as `torch.save` does, without PyTorch.
//!
//! A zip archive of `data.pkl`, a pickle of protocol 2, and the storages `data/0`, `data/1` and so on.

use std::io::{Cursor, Write};

use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

/// A Python object in a checkpoint.
#[derive(Debug, Clone)]
pub enum Object {
    Dict(Vec<(String, Object)>),
    List(Vec<Object>),
    Text(String),
    Int(i32),
    /// A tensor of float32.
    Tensor(Vec<usize>, Vec<f32>),
    /// A tensor of float64.
    Double(Vec<usize>, Vec<f32>),
    /// A tensor with attributes of its own, as `torch.save` writes it since PyTorch 2.
    WithAttributes(Vec<usize>, Vec<f32>),
    /// An object of that class, such as a whole model.
    Instance(&'static str, &'static str),
}

/// A dictionary.
pub fn dict<const N: usize>(entries: [(&str, Object); N]) -> Object {
    Object::Dict(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// The bytes of the file that `torch.save(object)` writes.
pub fn save(object: &Object) -> Vec<u8> {
    let mut pickle = Pickle { bytes: b"\x80\x02".to_vec(), storages: Vec::new() };
    pickle.write(object);
    pickle.bytes.push(b'.');

    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut add = |name: &str, bytes: &[u8]| {
        zip.start_file(format!("archive/{name}"), options).unwrap();
        zip.write_all(bytes).unwrap();
    };
    add("data.pkl", &pickle.bytes);
    add("byteorder", b"little");
    for (key, storage) in pickle.storages.iter().enumerate() {
        add(&format!("data/{key}"), storage);
    }
    add("version", b"3\n");
    zip.finish().unwrap().into_inner()
}

struct Pickle {
    bytes: Vec<u8>,
    storages: Vec<Vec<u8>>,
}

impl Pickle {
    fn put(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    fn write(&mut self, object: &Object) {
        match object {
            Object::Dict(entries) => {
                self.put(b"}(");
                for (key, value) in entries {
                    self.text(key);
                    self.write(value);
                }
                self.put(b"u");
            }
            Object::List(items) => {
                self.put(b"](");
                for item in items {
                    self.write(item);
                }
                self.put(b"e");
            }
            Object::Text(text) => self.text(text),
            Object::Int(number) => self.int(*number),
            Object::Tensor(shape, values) => {
                let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
                self.global("torch._utils", "_rebuild_tensor_v2");
                self.tensor_arguments("FloatStorage", shape, values.len(), bytes);
                self.put(b"R");
            }
            Object::Double(shape, values) => {
                let bytes =
                    values.iter().flat_map(|value| f64::from(*value).to_le_bytes()).collect();
                self.global("torch._utils", "_rebuild_tensor_v2");
                self.tensor_arguments("DoubleStorage", shape, values.len(), bytes);
                self.put(b"R");
            }
            Object::WithAttributes(shape, values) => {
                let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
                self.global("torch._tensor", "_rebuild_from_type_v2");
                self.put(b"(");
                self.global("torch._utils", "_rebuild_tensor_v2");
                self.global("torch", "Tensor");
                self.tensor_arguments("FloatStorage", shape, values.len(), bytes);
                self.put(b"}tR");
            }
            Object::Instance(module, name) => {
                self.global(module, name);
                self.put(b")R");
            }
        }
    }

    fn text(&mut self, text: &str) {
        self.put(b"X");
        self.put(&(text.len() as u32).to_le_bytes());
        self.put(text.as_bytes());
    }

    fn int(&mut self, number: i32) {
        self.put(b"J");
        self.put(&number.to_le_bytes());
    }

    fn global(&mut self, module: &str, name: &str) {
        self.put(format!("c{module}\n{name}\n").as_bytes());
    }

    fn sizes(&mut self, sizes: &[usize]) {
        self.put(b"(");
        for size in sizes {
            self.int(*size as i32);
        }
        self.put(b"t");
    }

    /// Storage, offset, sizes, strides, `requires_grad`, and hooks.
    fn tensor_arguments(&mut self, class: &str, shape: &[usize], count: usize, bytes: Vec<u8>) {
        let key = self.storages.len();
        self.storages.push(bytes);
        self.put(b"((");
        self.text("storage");
        self.global("torch", class);
        self.text(&key.to_string());
        self.text("cpu");
        self.int(count as i32);
        self.put(b"tQ");
        self.int(0);
        self.sizes(shape);
        let strides = (0..shape.len()).map(|axis| shape[axis + 1..].iter().product());
        self.sizes(&strides.collect::<Vec<usize>>());
        self.put(b"\x89");
        self.global("collections", "OrderedDict");
        self.put(b")Rt");
    }
}
