//! What a column's name says.

/// Names of columns with classes, in lower case and without what is no letter or digit.
const CLASS: [&str; 34] = [
    "label",
    "labels",
    "lbl",
    "labelid",
    "labelidx",
    "labelindex",
    "labelnum",
    "labelencoded",
    "labelname",
    "class",
    "classes",
    "classid",
    "classidx",
    "classindex",
    "classnum",
    "classname",
    "classlabel",
    "category",
    "categories",
    "categoryid",
    "cat",
    "cats",
    "target",
    "targets",
    "targetlabel",
    "y",
    "groundtruth",
    "gt",
    "diagnosis",
    "species",
    "breed",
    "type",
    "kind",
    "outcome",
];

/// Names of columns with file names, the same.
const FILE: [&str; 30] = [
    "file",
    "files",
    "filename",
    "filenames",
    "filepath",
    "filepaths",
    "fname",
    "fn",
    "image",
    "images",
    "imageid",
    "imagename",
    "imagefile",
    "imagepath",
    "img",
    "imgs",
    "imgid",
    "imgname",
    "imgfile",
    "imgpath",
    "path",
    "paths",
    "picture",
    "pictureid",
    "photo",
    "photoid",
    "name",
    "datei",
    "bild",
    "fichier",
];

/// Names of columns that tell rows apart, the same.
const ID: [&str; 14] = [
    "id",
    "ids",
    "index",
    "idx",
    "row",
    "rowid",
    "rownumber",
    "no",
    "nr",
    "num",
    "uuid",
    "guid",
    "md5",
    "hash",
];

/// What a column is by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heading {
    pub name: String,
    /// What is written behind the name.
    pub kind: Option<Kind>,
    /// The name in lower case and without what is no letter or digit.
    word: String,
}

/// What a column predicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Class,
    Labels,
    Number,
}

impl Heading {
    /// Splits a kind off the name: `breed:class`, `tags:labels`, `age:number`. Any other text after a
    /// colon is part of the name.
    pub fn parse(cell: &str) -> Self {
        let cell = cell.trim();
        let (name, kind) = match cell.rsplit_once(':') {
            Some((name, suffix)) => (name, Kind::parse(suffix)),
            None => (cell, None),
        };
        let name = if kind.is_some() { name.trim() } else { cell };
        let word = name.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
        Self { name: name.to_owned(), kind, word }
    }

    /// Whether the column has classes by its name, such as `label` or `Class ID`.
    pub fn means_class(&self) -> bool {
        CLASS.contains(&self.word.as_str())
    }

    /// Whether the column has file names by its name, such as `file_name` or `ImageId`.
    pub fn means_file(&self) -> bool {
        FILE.contains(&self.word.as_str())
    }

    /// Whether the column tells rows apart by its name, such as `index` or `row_id`.
    pub fn means_id(&self) -> bool {
        ID.contains(&self.word.as_str()) || self.is_unnamed()
    }

    /// Whether the column has no name, or what pandas writes then.
    pub fn is_unnamed(&self) -> bool {
        self.name.is_empty() || self.name.starts_with("Unnamed: ")
    }

    /// Whether the column tells by its name which part of the data a row is of.
    pub fn means_part(&self) -> bool {
        [
            "split",
            "splits",
            "set",
            "subset",
            "partition",
            "part",
            "phase",
            "usage",
            "dataset",
            "fold",
        ]
        .contains(&self.word.as_str())
    }

    /// Whether the column tells by its name if a row is one to validate on.
    pub fn means_validates(&self) -> bool {
        ["isvalid", "isval", "isvalidation", "isdev", "istest", "valid", "val", "validation"]
            .contains(&self.word.as_str())
    }
}

impl Kind {
    fn parse(text: &str) -> Option<Self> {
        let is = |name: &str| text.trim().eq_ignore_ascii_case(name);
        if is("class") {
            Some(Self::Class)
        } else if is("labels") {
            Some(Self::Labels)
        } else if is("number") {
            Some(Self::Number)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_may_say_the_kind() {
        for (text, name, kind) in [
            ("age", "age", None),
            (" age : Number ", "age", Some(Kind::Number)),
            ("shot:at:class", "shot:at", Some(Kind::Class)),
            ("tags:labels", "tags", Some(Kind::Labels)),
            ("time:hours", "time:hours", None),
            (":class", "", Some(Kind::Class)),
        ] {
            let heading = Heading::parse(text);
            assert_eq!((heading.name.as_str(), heading.kind), (name, kind), "{text:?}");
        }
    }

    #[test]
    fn names_are_known_in_any_spelling() {
        for name in ["label", "LABEL", "Class ID", "class_id", "Target", "label:number"] {
            assert!(Heading::parse(name).means_class(), "{name}");
        }
        for name in ["age", "score", "label count", "classy", ""] {
            assert!(!Heading::parse(name).means_class(), "{name}");
        }
        for name in ["file_name", "Filename", "IMAGE", "ImageId", "img", "filepath", "Image Path"] {
            assert!(Heading::parse(name).means_file(), "{name}");
        }
        for name in ["", "Unnamed: 0", "index", "#", "Row"] {
            let heading = Heading::parse(name);
            assert_eq!(heading.means_id(), name != "#", "{name}");
        }
        assert!(
            Heading::parse("Split").means_part() && Heading::parse("is_valid").means_validates()
        );
    }
}
