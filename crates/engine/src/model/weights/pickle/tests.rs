use super::*;

/// Reads a whole pickle.
fn read(bytes: &[u8]) -> Result<Pickle<'_>, PickleError> {
    let (pickle, length) = Pickle::read(bytes)?;
    assert_eq!(length, bytes.len());
    Ok(pickle)
}

#[test]
fn scalars_of_every_protocol() {
    let cases: [(&[u8], Value<'_>); 16] = [
        (b"N.", Value::None),
        (b"I01\n.", Value::Bool(true)),
        (b"\x80\x02\x89.", Value::Bool(false)),
        (b"I-12\n.", Value::Int(-12)),
        (b"L12345678901234567890L\n.", Value::Int(12_345_678_901_234_567_890)),
        (b"J\xff\xff\xff\xff.", Value::Int(-1)),
        (b"K\xff.", Value::Int(255)),
        (b"M\x00\x01.", Value::Int(256)),
        (b"\x8a\x00.", Value::Int(0)),
        (b"\x8a\x02\x00\xff.", Value::Int(-256)),
        (b"\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.", Value::Int(0x1950_a86a_20f9_469c_fc6c)),
        (b"F1.5\n.", Value::Float(1.5)),
        (b"G\x3f\xf8\x00\x00\x00\x00\x00\x00.", Value::Float(1.5)),
        (b"S'a\\'b'\n.", Value::Text("a'b".into())),
        (b"Va\\u00e9\n.", Value::Text("a\u{e9}".into())),
        (b"U\x02\xff\xfe.", Value::Bytes(b"\xff\xfe")),
    ];
    for (bytes, expected) in cases {
        let pickle = read(bytes).unwrap();
        assert_eq!(pickle.get(pickle.root()), &expected, "{bytes:?}");
    }
}

#[test]
fn containers_keep_their_items_and_share_memoized_ones() {
    // {'a': [1, 2], 'b': (the same list, 'a')}, protocol 2.
    let bytes = b"\x80\x02}q\x00(X\x01\x00\x00\x00aq\x01]q\x02(K\x01K\x02eX\x01\x00\x00\x00bh\x02h\x01\x86u.";
    let pickle = read(bytes).unwrap();
    let list = pickle.entry(pickle.root(), "a").unwrap();
    let tuple = pickle.entry(pickle.root(), "b").unwrap();
    assert_eq!(pickle.sequence(tuple).unwrap()[0], list);
    let sizes: Vec<_> =
        pickle.sequence(list).unwrap().iter().map(|item| pickle.size(*item)).collect();
    assert_eq!(sizes, [Some(1), Some(2)]);
    assert_eq!(pickle.entry(pickle.root(), "c"), None);
}

#[test]
fn ordered_dicts_are_dictionaries_in_old_and_new_protocols() {
    // OrderedDict([('a', 1)]) in protocol 0, and OrderedDict() filled by SETITEM in protocol 4.
    let old = b"ccollections\nOrderedDict\np0\n((lp1\n(Va\nI1\nlp2\natRp3\n.";
    let new = b"\x80\x04\x95\x00\x00\x00\x00\x00\x00\x00\x00\x8c\x0bcollections\x94\x8c\x0bOrderedDict\x94\x93\x94)R\x94\x8c\x01aK\x01s.";
    for bytes in [old.as_slice(), new.as_slice()] {
        let pickle = read(bytes).unwrap();
        let value = pickle.entry(pickle.root(), "a").unwrap();
        assert_eq!(pickle.size(value), Some(1));
    }
}

#[test]
fn calls_are_recorded_and_never_made() {
    // os.system('exit 1'), as an attacker would write it.
    let bytes = b"\x80\x02cposix\nsystem\nq\x00X\x06\x00\x00\x00exit 1\x85Rq\x01.";
    let pickle = read(bytes).unwrap();
    let (callee, arguments) = pickle.call(pickle.root()).unwrap();
    assert_eq!(pickle.global(callee), Some(("posix", "system")));
    assert_eq!(pickle.text(arguments[0]), Some("exit 1"));
    assert_eq!(pickle.describe(pickle.root()), "posix.system(…)");
}

#[test]
fn descriptions_escape_what_a_terminal_would_obey() {
    let mut bytes = b"c\x1b[2Jevil\n".to_vec();
    bytes.extend(std::iter::repeat_n(b'x', 5000));
    bytes.extend_from_slice(b"\n.");
    let pickle = read(&bytes).unwrap();
    let description = pickle.describe(pickle.root());
    assert!(!description.contains('\u{1b}'), "{description}");
    assert!(description.len() < 200);
}

#[test]
fn deep_nesting_and_cycles_do_not_recurse() {
    let mut deep = vec![b']'; 500_000];
    deep.extend(std::iter::repeat_n(b'a', 499_999));
    deep.push(b'.');
    let pickle = read(&deep).unwrap();
    assert_eq!(pickle.describe(pickle.root()), "list");
    drop(pickle.clone());

    // A list that holds itself.
    let pickle = read(b"]q\x00h\x00a.").unwrap();
    assert_eq!(pickle.sequence(pickle.root()), Some(&[pickle.root()][..]));
}

#[test]
fn work_is_bounded() {
    let endless = vec![b'N'; MAX_STEPS + 1];
    assert_eq!(read(&endless), Err(PickleError::TooLarge { limit: MAX_STEPS }));

    // Copies a list of 2000 pairs once per three bytes.
    let mut copies = b"ccollections\nOrderedDict\nq\x00](".to_vec();
    for _ in 0..2000 {
        copies.extend_from_slice(b"NN\x86");
    }
    copies.extend_from_slice(b"e\x85q\x01");
    for _ in 0..100_000 {
        copies.extend_from_slice(b"h\x00h\x01R");
    }
    assert_eq!(read(&copies), Err(PickleError::TooLarge { limit: MAX_STEPS }));
}

#[test]
fn malformed_programs_are_errors() {
    let malformed: [&[u8]; 12] = [
        b".", b"(.", b"a.", b"Na.(", b"t.", b"h\x07.", b"(Nd.", b"R.", b"NR.", b"(o.", b"0.",
        b"S'a\n.",
    ];
    for bytes in malformed {
        assert!(matches!(Pickle::read(bytes), Err(PickleError::Malformed { .. })), "{bytes:?}");
    }
    let truncated: [&[u8]; 6] = [
        b"",
        b"\x80",
        b"X\xff\xff\xff\xffab",
        b"c__main__\n",
        b"\x8d\xff\xff\xff\xff\xff\xff\xff\xff",
        b"N",
    ];
    for bytes in truncated {
        assert_eq!(Pickle::read(bytes), Err(PickleError::Truncated), "{bytes:?}");
    }
    assert_eq!(
        Pickle::read(b"N\x82\x01."),
        Err(PickleError::UnknownOpcode { opcode: 0x82, offset: 1 })
    );
}
