//! Pixels from an SVG, with the embedded typeface and no other. The only file that names resvg.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use crate::typeface::{self, Weight};

/// An SVG that cannot be turned into pixels.
#[derive(Debug, thiserror::Error)]
pub enum PngError {
    #[error("the SVG cannot be read")]
    Svg(#[source] resvg::usvg::Error),
    #[error("the picture of {width} × {height} pixels has no area or is too large")]
    Size { width: u32, height: u32 },
    #[error("the pixels cannot be packed: {0}")]
    Encoding(String),
}

static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(typeface::bytes(Weight::Regular).to_vec());
    fonts.load_font_data(typeface::bytes(Weight::Bold).to_vec());
    fonts.set_sans_serif_family(typeface::FAMILY);
    Arc::new(fonts)
});

/// Renders an SVG at its own size: a figure 160 mm wide comes out at 254 dots per inch.
///
/// # Errors
/// An SVG that is broken or has no size.
pub fn png(svg: &str) -> Result<Vec<u8>, PngError> {
    let options = Options {
        fontdb: Arc::clone(&FONTS),
        font_family: typeface::FAMILY.to_owned(),
        languages: vec!["ja".to_owned()],
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options).map_err(PngError::Svg)?;
    let size = tree.size().to_int_size();
    let (width, height) = (size.width(), size.height());
    let mut pixels = Pixmap::new(width, height).ok_or(PngError::Size { width, height })?;
    resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| PngError::Encoding(error.to_string()))
}
