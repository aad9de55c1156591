//! The options of augmentation.

use leptos::prelude::*;

use super::advanced::Group;
use super::desk::Desk;
use super::fields::{CheckField, NumberField, SelectField};
use super::form::kinds::{AugmentKind, CropKind};
use super::form::number::Number;
use crate::data::augment::CropAugmentation;
use crate::ui::parts::Show;

/// How the pictures are varied: a ready choice, or one's own.
#[component]
pub fn AugmentationFields() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let kinds = AugmentKind::ALL.map(|kind| (kind.name().to_string(), kind)).to_vec();
    let kind = desk.choice(|form, draft| {
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
                choose=desk.change(|form, kind| form.augmentation = Some(kind))
            />
            <Show when=move || kind.get() == AugmentKind::Custom>
                <CustomFields />
            </Show>
        </Group>
    }
}

#[component]
fn CustomFields() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let crops = CropKind::ALL.map(|kind| (kind.name().to_string(), kind)).to_vec();
    let crop = desk.choice(|_, draft| CropKind::of(draft.request.config.augmentation.crop));
    let mirrors = desk.choice(|_, draft| {
        let crop = draft.request.config.augmentation.crop;
        matches!(crop, CropAugmentation::PadAndCrop { reflect: true, .. })
    });
    view! {
        <NumberField number=Number::Flip />
        <SelectField
            id="train-crop"
            label="Move or crop"
            hint="Shows the network the picture elsewhere, or a part of it.".to_string()
            options=crops
            value=crop
            choose=desk.change(|form, crop| form.crop = Some(crop))
        />
        <NumberField number=Number::Padding />
        <Show when=move || crop.get() == CropKind::Shifted>
            <CheckField
                id="train-crop-mirrors"
                label="Fill the border by mirroring"
                hint="Otherwise it is black."
                value=mirrors
                choose=desk.change(|form, mirrors| form.crop_mirrors = Some(mirrors))
            />
        </Show>
        <NumberField number=Number::ResizedLowest />
        <NumberField number=Number::ResizedHighest />
        <NumberField number=Number::RatioLowest />
        <NumberField number=Number::RatioHighest />
        <CheckField
            id="train-jitter"
            label="Vary the colours"
            hint="Brightness, contrast, saturation and hue."
            value=desk.choice(|_, draft| draft.request.config.augmentation.color_jitter.is_some())
            choose=desk.change(|form, jitter| form.jitter = Some(jitter))
        />
        <NumberField number=Number::Brightness />
        <NumberField number=Number::Contrast />
        <NumberField number=Number::Saturation />
        <NumberField number=Number::Hue />
        <CheckField
            id="train-erasing"
            label="Erase parts"
            hint="Blanks out a rectangle of some pictures."
            value=desk.choice(|_, draft| draft.request.config.augmentation.random_erasing.is_some())
            choose=desk.change(|form, erasing| form.erasing = Some(erasing))
        />
        <NumberField number=Number::ErasingProbability />
        <NumberField number=Number::ErasingLowest />
        <NumberField number=Number::ErasingHighest />
        <NumberField number=Number::ErasingRatioLowest />
        <NumberField number=Number::ErasingRatioHighest />
    }
}
