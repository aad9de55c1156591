//! The language of the environment: Chinese text, and JSON in English.

use std::fs;

use image::ImageFormat;
use serde_json::Value;
use tempfile::tempdir;

use crate::common::bundled_weights;
use crate::inputs::{encoded, write};
use crate::program::command;

/// Standard output and standard error of a command in a Chinese environment.
fn in_chinese(arguments: &[&str]) -> (String, String) {
    let output = command(arguments).env("LC_ALL", "zh_CN.UTF-8").output().unwrap();
    let [out, errors] =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    (out, errors)
}

fn is_chinese(text: &str) -> bool {
    text.contains(|letter| matches!(letter, '\u{4e00}'..='\u{9fff}'))
}

#[test]
fn results_and_errors_are_in_the_language_of_the_environment() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("bundled.safetensors");
    fs::write(&file, bundled_weights()).unwrap();
    let file = file.to_str().unwrap();
    let (out, errors) = in_chinese(&["info", file]);
    assert!(out.contains("resnet18") && out.contains("分类头有 200 个输出。"), "{out}{errors}");
    let (out, errors) = in_chinese(&["info", "--json", file]);
    assert!(!is_chinese(&out), "{out}{errors}");
    let english = command(&["info", file]).output().unwrap();
    let english = String::from_utf8(english.stdout).unwrap();
    assert!(english.contains("a classification head with 200 outputs.") && !is_chinese(&english));

    let (_, errors) = in_chinese(&["info", "/no/such/file"]);
    assert!(errors.starts_with("错误：/no/such/file：无法读取该文件"), "{errors}");
    let (_, errors) = in_chinese(&["train", "--label-smoothing", "-1"]);
    assert!(errors.starts_with("错误：--label-smoothing：-1 超出范围"), "{errors}");
}

#[test]
fn json_is_in_english_in_any_environment() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    for (class, seed) in [("cat", 0), ("dog", 1)] {
        write(&data.join(class).join("1.png"), &encoded(seed, ImageFormat::Png));
    }
    write(&data.join("cat/2.png"), b"text");
    write(&data.join("bird/1.txt"), b"text");
    let [data, out] = [data, folder.path().join("out")].map(|path| path.display().to_string());
    let train = ["train", "--data", &data, "--out", &out, "--strategy", "few-shot", "--size", "32"];
    let (out, errors) = in_chinese(&[&train[..], &["--json"]].concat());
    let events: Vec<Value> =
        out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let reason = |name: &str, field: &str| {
        let event = events.iter().find(|event| event["event"] == name);
        event.unwrap_or_else(|| panic!("no {name}: {out}{errors}"))[field].clone()
    };
    assert_eq!(reason("skipped", "reason"), "This is a text file, not an image.");
    assert!(reason("warning", "message").as_str().unwrap().contains("has no usable images"));
    assert!(!is_chinese(&out), "{out}");
    assert!(
        errors.contains("已跳过“cat/2.png”：该文件不是图片") && errors.contains("警告："),
        "{errors}"
    );
}
