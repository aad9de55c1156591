//! The options of augmentation.

use leptos::prelude::*;

use crate::parts::fields::{CheckField, SelectField};
use crate::train::options::{Group, named, number};
use crate::train::sheet::Sheet;
use tunelab_core::data::augmentation::CropAugmentation;
use tunelab_presentation::train::form::kinds::{AugmentKind, CropKind};
use tunelab_presentation::train::form::number::Number;

/// How the pictures are varied: a ready choice, or one's own.
#[component]
pub fn AugmentationFields() -> impl IntoView {
    let sheet = expect_context::<Sheet>();
    let kinds = named(AugmentKind::ALL, AugmentKind::name);
    let kind = sheet.choice(|form, draft| {
        let request = &draft.request;
        let seen = AugmentKind::of(&request.config.augmentation, request.size);
        form.augmentation.unwrap_or(seen)
    });
    view! {
        <Group title="Augmentation">
            <SelectField
                id="train-augmentation"
                label="Vary the pictures"
                hint="Each time a picture is looked at, it is changed a little by chance, so that the network cannot learn it by heart."
                    .to_string()
                options=kinds
                value=kind
                choose=sheet.change(|form, kind| form.augmentation = Some(kind))
            />
            <Show when=move || kind.get() == AugmentKind::Custom>
                <CustomFields />
            </Show>
        </Group>
    }
}

#[component]
fn CustomFields() -> impl IntoView {
    let sheet = expect_context::<Sheet>();
    let crops = named(CropKind::ALL, CropKind::name);
    let crop = sheet.choice(|_, draft| CropKind::of(draft.request.config.augmentation.crop));
    let mirrors = sheet.choice(|_, draft| {
        let crop = draft.request.config.augmentation.crop;
        matches!(crop, CropAugmentation::PadAndCrop { reflect: true, .. })
    });
    view! {
        {number(Number::Flip)}
        <SelectField
            id="train-crop"
            label="Move or crop"
            hint="Shows the network the picture elsewhere, or a part of it.".to_string()
            options=crops
            value=crop
            choose=sheet.change(|form, crop| form.crop = Some(crop))
        />
        {number(Number::Padding)}
        <Show when=move || crop.get() == CropKind::Shifted>
            <CheckField
                id="train-crop-mirrors"
                label="Fill the border by mirroring"
                hint="Otherwise it is black."
                value=mirrors
                choose=sheet.change(|form, mirrors| form.crop_mirrors = Some(mirrors))
            />
        </Show>
        {number(Number::ResizedLowest)}
        {number(Number::ResizedHighest)}
        {number(Number::RatioLowest)}
        {number(Number::RatioHighest)}
        <CheckField
            id="train-jitter"
            label="Vary the colours"
            hint="Brightness, contrast, saturation and hue."
            value=sheet.choice(|_, draft| draft.request.config.augmentation.color_jitter.is_some())
            choose=sheet.change(|form, jitter| form.jitter = Some(jitter))
        />
        {number(Number::Brightness)}
        {number(Number::Contrast)}
        {number(Number::Saturation)}
        {number(Number::Hue)}
        <CheckField
            id="train-erasing"
            label="Erase parts"
            hint="Blanks out a rectangle of some pictures."
            value=sheet.choice(|_, draft| draft.request.config.augmentation.random_erasing.is_some())
            choose=sheet.change(|form, erasing| form.erasing = Some(erasing))
        />
        {number(Number::ErasingProbability)}
        {number(Number::ErasingLowest)}
        {number(Number::ErasingHighest)}
        {number(Number::ErasingRatioLowest)}
        {number(Number::ErasingRatioHighest)}
    }
}
