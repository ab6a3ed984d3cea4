//! The parts of the reading page that can be asked without a screen.

use std::collections::HashSet;

use egui::epaint::{ClippedPrimitive, ImageDelta, Primitive};
use egui::{Color32, ColorImage, Mesh, Rect, TextureId, TextureOptions, TexturesDelta, pos2};
use proptest::prelude::*;
use spanwright::app::raster::Raster;
use spanwright::app::reading::Invisibles;
use spanwright::app::reading::blocks::{Block, Blocks, Direction};
use spanwright::app::reading::heights::Heights;
use spanwright::app::reading::signs::{self, Shape};
use unicode_segmentation::UnicodeSegmentation;

proptest! {
    #[test]
    fn heights_answer_like_a_plain_list(
        mut each in prop::collection::vec(0u16..2000, 1..80),
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0u16..2000), 0..40),
        asked in 0u32..200_000,
    ) {
        let mut heights = Heights::new(each.iter().map(|&height| f32::from(height)).collect());
        for (index, height) in changes {
            let block = index.index(each.len());
            each[block] = height;
            heights.set(block, f32::from(height));
        }
        // Whole numbers stay exact, so they may be compared as such.
        let whole = |height: f64| height as u32;
        let (mut top, mut found) = (0, None);
        for (block, &height) in each.iter().enumerate() {
            prop_assert_eq!(whole(heights.top(block)), top);
            if found.is_none() && asked < top + u32::from(height) {
                found = Some((block, asked - top));
            }
            top += u32::from(height);
        }
        prop_assert_eq!(whole(heights.total()), top);
        let last = each.len() - 1;
        let (block, below) = heights.find(f64::from(asked));
        prop_assert_eq!((block, whole(below)), found.unwrap_or_else(|| (last, asked - whole(heights.top(last)))));
    }
}

/// Bytes that a part of a cut line may have at most.
const LARGEST: usize = 8 * 1024;

#[test]
fn long_lines_are_cut_between_graphemes() {
    let units = [
        "word and ",
        "قال الوزير في موسكو ",
        "停火协议谈判",
        "QUJDRA",
        "👩‍👩‍👧",
        "รัฐมนตรีกล่าวว่า",
        "🇫🇷",
        "e\u{301}",
        "x\u{301} ",
    ];
    for unit in units {
        let text = unit.repeat(60_000 / unit.len());
        let blocks = Blocks::new(&text);
        assert!(blocks.count() > 8, "{unit:?} was not cut");
        let boundaries: HashSet<usize> = text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]).collect();
        let mut end = 0;
        for block in blocks.iter() {
            assert_eq!(block.range().start, end, "a gap in {unit:?}");
            end = block.range().end;
            assert!(boundaries.contains(&end), "{unit:?} torn at {end}");
            assert!(block.range().len() <= LARGEST, "a part of {} bytes in {unit:?}", block.range().len());
        }
        assert_eq!(end, text.len());
        assert_eq!(blocks.line(blocks.count() / 2), 0..text.len());
    }
}

#[test]
fn a_grapheme_without_end_is_cut_all_the_same() {
    let text = format!("a{}", "\u{301}".repeat(100_000));
    let blocks = Blocks::new(&text);
    assert!(blocks.iter().all(|block| block.range().len() <= 2 * LARGEST));
    assert_eq!(blocks.line(0), 0..text.len());
}

#[test]
fn a_part_reads_like_its_paragraph() {
    let text = format!("{}{}", "שלום ".repeat(2000), "then English ".repeat(2000));
    let blocks = Blocks::new(&text);
    assert!(blocks.iter().all(|block| block.direction == Direction::Paragraph { rtl: true }));
}

#[test]
fn newlines_end_blocks() {
    let text = "one\n\ntwo\n";
    let blocks = Blocks::new(text);
    let ranges: Vec<_> = blocks.iter().map(Block::range).collect();
    assert_eq!(ranges, [0..3, 4..4, 5..8, 9..9]);
    assert_eq!([0, 3, 4, 5, 8, 9].map(|offset| blocks.at(offset)), [0, 0, 1, 2, 2, 3]);
    assert_eq!(Blocks::new("").count(), 1);
}

fn check_signs(text: &str, which: Invisibles, expected: &[(u32, Shape)]) {
    let found: Vec<_> = signs::find(text, which, false).iter().map(|sign| (sign.at, sign.shape)).collect();
    assert_eq!(found, expected, "{text:?}");
}

#[test]
fn odd_characters_have_signs() {
    use Invisibles::{All, None, Odd};
    check_signs("plain “text” — été", Odd, &[]);
    check_signs("a\u{200B}b\u{FEFF}", Odd, &[(1, Shape::Bar), (5, Shape::Bar)]);
    check_signs("co\u{AD}op\u{202E}", Odd, &[(2, Shape::Hyphen), (6, Shape::RightToLeft)]);
    check_signs("a\u{0}\u{7F}\u{85}", Odd, &[(1, Shape::Box), (2, Shape::Box), (3, Shape::Box)]);
    check_signs("👩\u{200D}👩\u{200D}👧", All, &[]);
    check_signs("می\u{200C}خواهم", Odd, &[]);
    check_signs("می\u{200C}خواهم", All, &[(4, Shape::Name("ZWNJ"))]);
    check_signs("a\u{200D}b", Odd, &[(1, Shape::Bar)]);
    check_signs("a\u{A0}b\tc", Odd, &[]);
    check_signs("a\u{A0}b\tc", All, &[(1, Shape::Dot), (4, Shape::Tab)]);
    check_signs(
        "a \u{200B}\u{FEFF}\u{202E}",
        All,
        &[(1, Shape::Space), (2, Shape::Name("ZWSP")), (5, Shape::Name("BOM")), (8, Shape::Name("RLO"))],
    );
    check_signs("\u{1B}\u{3000}", All, &[(0, Shape::Name("ESC")), (1, Shape::Dot)]);
    check_signs("\u{200B}", None, &[]);
    let end = signs::find("a", All, true).pop().unwrap();
    assert_eq!((end.at, end.end, end.shape), (1, 1, Shape::LineEnd));
    assert!(signs::find("a", Odd, true).is_empty());
}

fn quad(corners: [[f32; 2]; 4], colour: Color32) -> ClippedPrimitive {
    let mut mesh = Mesh::default();
    for [x, y] in corners {
        mesh.colored_vertex(pos2(x, y), colour);
    }
    mesh.add_triangle(0, 1, 2);
    mesh.add_triangle(0, 2, 3);
    let clip_rect = Rect::from_min_max(pos2(0.0, 0.0), pos2(40.0, 30.0));
    ClippedPrimitive { clip_rect, primitive: Primitive::Mesh(mesh) }
}

/// A raster that knows the one white texture that plain shapes use.
fn raster() -> Raster {
    let mut raster = Raster::default();
    let white = ColorImage::filled([2, 2], Color32::WHITE);
    let mut delta = TexturesDelta::default();
    delta.push(TextureId::default(), ImageDelta::full(white, TextureOptions::LINEAR));
    raster.update(delta);
    raster
}

#[test]
fn triangles_that_share_an_edge_cover_each_pixel_once() {
    let half = Color32::from_rgba_premultiplied(0, 0, 0, 128);
    let tilted = [[3.3, 2.1], [37.2, 5.9], [33.1, 28.4], [5.7, 24.8]];
    let image = raster().paint([40, 30], 1.0, &[quad(tilted, half)], Color32::WHITE);
    let shades: HashSet<u8> = image.pixels.iter().map(Color32::r).collect();
    assert_eq!(shades, HashSet::from([255, 127]), "covered once or not at all");
    assert_eq!(image.pixels[15 * 40 + 20].r(), 127);
}

#[test]
fn pixels_are_covered_if_their_centres_are() {
    let black = Color32::BLACK;
    let image =
        raster().paint([40, 30], 2.0, &[quad([[1.0, 1.0], [4.3, 1.0], [4.3, 3.0], [1.0, 3.0]], black)], Color32::WHITE);
    let dark: Vec<usize> = (0..40 * 30).filter(|&i| image.pixels[i] == black).collect();
    let expected: Vec<usize> = (2..6).flat_map(|y| (2..9).map(move |x| y * 40 + x)).collect();
    assert_eq!(dark, expected);
}
