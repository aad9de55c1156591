//! The header of a column.

/// Names of columns of classes, in lower case and with letters and digits only.
const CLASS_NAMES: [&str; 34] = [
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

/// Names of columns of file names, in the same form.
const FILE_NAMES: [&str; 30] = [
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

/// Names of columns of identifiers, in the same form.
const ID_NAMES: [&str; 14] = [
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

/// Names of columns that assign images to splits, in the same form.
const SPLIT_NAMES: [&str; 10] =
    ["split", "splits", "set", "subset", "partition", "part", "phase", "usage", "dataset", "fold"];

/// Names of columns that flag validation images, in the same form.
const VALIDATION_FLAG_NAMES: [&str; 8] =
    ["isvalid", "isval", "isvalidation", "isdev", "istest", "valid", "val", "validation"];

/// The name of a column, and the kind of task that it may give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ColumnHeader {
    pub name: String,
    /// The kind after the name, if given.
    pub kind: Option<ColumnKind>,
    /// The name in lower case and with letters and digits only.
    key: String,
}

/// The kind of task of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ColumnKind {
    Class,
    Labels,
    Number,
}

impl ColumnHeader {
    /// Separates the kind from the name: `breed:class`, `tags:labels`, `age:number`. Any other text after a
    /// colon is part of the name.
    pub fn parse(cell: &str) -> Self {
        let cell = cell.trim();
        let (name, kind) = match cell.rsplit_once(':') {
            Some((name, suffix)) => (name, ColumnKind::parse(suffix)),
            None => (cell, None),
        };
        let name = if kind.is_some() { name.trim() } else { cell };
        let key = name.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
        Self { name: name.to_owned(), kind, key }
    }

    /// Whether the name means classes, such as `label` or `Class ID`.
    pub fn is_class(&self) -> bool {
        CLASS_NAMES.contains(&self.key.as_str())
    }

    /// Whether the name means file names, such as `file_name` or `ImageId`.
    pub fn is_file(&self) -> bool {
        FILE_NAMES.contains(&self.key.as_str())
    }

    /// Whether the name means an identifier of the row, such as `index` or `row_id`.
    pub fn is_id(&self) -> bool {
        ID_NAMES.contains(&self.key.as_str()) || self.is_unnamed()
    }

    /// Whether the column has no name, or the one that pandas writes in this case.
    pub fn is_unnamed(&self) -> bool {
        self.name.is_empty() || self.name.starts_with("Unnamed: ")
    }

    /// Whether the name means splits, such as `split` or `subset`.
    pub fn is_split(&self) -> bool {
        SPLIT_NAMES.contains(&self.key.as_str())
    }

    /// Whether the name means a flag of validation images, such as `is_valid`.
    pub fn is_validation_flag(&self) -> bool {
        VALIDATION_FLAG_NAMES.contains(&self.key.as_str())
    }
}

impl ColumnKind {
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
    fn a_header_may_give_the_kind() {
        for (text, name, kind) in [
            ("age", "age", None),
            (" age : Number ", "age", Some(ColumnKind::Number)),
            ("shot:at:class", "shot:at", Some(ColumnKind::Class)),
            ("tags:labels", "tags", Some(ColumnKind::Labels)),
            ("time:hours", "time:hours", None),
            (":class", "", Some(ColumnKind::Class)),
        ] {
            let header = ColumnHeader::parse(text);
            assert_eq!((header.name.as_str(), header.kind), (name, kind), "{text:?}");
        }
    }

    #[test]
    fn names_are_recognized_in_any_spelling() {
        for name in ["label", "LABEL", "Class ID", "class_id", "Target", "label:number"] {
            assert!(ColumnHeader::parse(name).is_class(), "{name}");
        }
        for name in ["age", "score", "label count", "classy", ""] {
            assert!(!ColumnHeader::parse(name).is_class(), "{name}");
        }
        for name in ["file_name", "Filename", "IMAGE", "ImageId", "img", "filepath", "Image Path"] {
            assert!(ColumnHeader::parse(name).is_file(), "{name}");
        }
        for name in ["", "Unnamed: 0", "index", "#", "Row"] {
            let header = ColumnHeader::parse(name);
            assert_eq!(header.is_id(), name != "#", "{name}");
        }
        assert!(ColumnHeader::parse("Split").is_split());
        assert!(ColumnHeader::parse("is_valid").is_validation_flag());
    }
}
