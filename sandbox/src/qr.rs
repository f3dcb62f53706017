//! The QR code of a link, as PayTR's `base64_qr`: a PNG in base64.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use qrcode::{Color, QrCode};

/// Pixels per module.
const SCALE: usize = 6;
/// Modules of white around the code, as ISO/IEC 18004 asks.
const QUIET: usize = 4;

/// None for a text that no QR code can hold (over 2,000 bytes).
pub(crate) fn base64_png(text: &str) -> Option<String> {
    let code = QrCode::new(text).ok()?;
    let modules = code.width();
    let side = modules.checked_add(QUIET.checked_mul(2)?)?.checked_mul(SCALE)?;
    let module = |pixel: usize| pixel.checked_div(SCALE)?.checked_sub(QUIET).filter(|module| *module < modules);
    let pixels: Vec<u8> = (0..side)
        .flat_map(|y| (0..side).map(move |x| (x, y)))
        .map(|(x, y)| match (module(x), module(y)) {
            (Some(x), Some(y)) if code[(x, y)] == Color::Dark => 0,
            _ => u8::MAX,
        })
        .collect();
    let side = u32::try_from(side).ok()?;
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header().ok()?.write_image_data(&pixels).ok()?;
    Some(STANDARD.encode(file))
}
