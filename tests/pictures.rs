//! Small pictures of the page in both themes, drawn on the CPU with the fonts inside the binary alone and compared with those under
//! `tests/pictures/`. `UPDATE_PICTURES=1` draws them anew; where one differs, both and the difference are left in a folder that the
//! failure names.

use std::path::{Path, PathBuf};

use egui::{Color32, ColorImage, vec2};
use spanwright::app::raster;
use spanwright::app::{StartUp, Window};
use spanwright::session::settings::{Settings, ThemeChoice};
use spanwright::session::{Action, Command};

use crate::stage::Stage;

/// Every script that the fonts inside the binary hold, with spans over words, over each other and over a change of direction.
const SCRIPTS: &str = "Maria Lind of Nordbank said “so.” Łódź, Đặng, İstanbul\nРоссия, Україна, Србија · Ἐν ἀρχῇ ἦν ὁ λόγος\n\
                       قال الوزير في موسكو: Kern قال\nהשר אמר בְּמוסקבה\nमंत्री ने कहा क्षेत्रीय · รัฐมนตรีกล่าวที่";
const ARTICLE: &str = "Subscribe to our newsletter\nShare this\nMaria  Lind said\tso.\u{200b}\nقال الوزير";

fn stage(text: &str, dark: bool) -> Stage {
    let theme = if dark { ThemeChoice::Dark } else { ThemeChoice::Light };
    let mut session = crate::session::session_of(&crate::session::project(&[("d", text)]), "ana");
    session.run(Command::Open("d".into()));
    let screen = spanwright::app::headless::Headless::new(vec2(620.0, 360.0), 1.0, dark);
    let settings = Settings { theme, ..Settings::default() };
    let window = Window::new(&screen.ctx, StartUp { session: Some(session), settings, ..StartUp::default() });
    let mut stage = Stage { screen, window, held: egui::Modifiers::NONE };
    stage.rest();
    stage
}

fn mark(stage: &mut Stage, words: &str, label: &str) {
    let text = stage.session().open.as_ref().unwrap().text().clone();
    let at = text.as_str().find(words).unwrap();
    let range = text.range(at, at + words.len()).unwrap();
    stage.command(Command::MarkRange { label: label.into(), range, exact: true });
}

/// Draws the page and compares what lies below the header with the picture of that name.
fn check(stage: &mut Stage, name: &str) {
    let Stage { screen, window, .. } = stage;
    let image = screen.picture(Vec::new(), Color32::WHITE, |ui| window.frame(ui));
    let image = crop(&image, 0..620, 100..330);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures");
    let file = folder.join(format!("{name}.png"));
    let drawn = raster::png(&image).unwrap();
    if std::env::var_os("UPDATE_PICTURES").is_some() {
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(&file, drawn).unwrap();
        return;
    }
    let kept = std::fs::read(&file).unwrap_or_default();
    if kept == drawn {
        return;
    }
    let report = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pictures");
    std::fs::create_dir_all(&report).unwrap();
    std::fs::write(report.join(format!("{name}-now.png")), &drawn).unwrap();
    let before = read(&kept);
    let told = match before.filter(|before| before.size == image.size) {
        None => "there is no picture of that size to compare with".to_owned(),
        Some(before) => {
            let far =
                |(a, b): (&Color32, &Color32)| a.to_array().iter().zip(b.to_array()).any(|(a, b)| a.abs_diff(b) > 2);
            let other: Vec<bool> = before.pixels.iter().zip(&image.pixels).map(far).collect();
            let count = other.iter().filter(|other| **other).count();
            if count == 0 {
                return;
            }
            let pixel = |other: &bool| if *other { Color32::RED } else { Color32::WHITE };
            let difference = ColorImage::new(image.size, other.iter().map(pixel).collect());
            std::fs::write(report.join(format!("{name}-difference.png")), raster::png(&difference).unwrap()).unwrap();
            format!("{count} pixels differ")
        }
    };
    panic!("{name}: {told}; see {}. UPDATE_PICTURES=1 keeps what is drawn now", report.display());
}

fn crop(image: &ColorImage, x: std::ops::Range<usize>, y: std::ops::Range<usize>) -> ColorImage {
    let rows = y.clone().flat_map(|y| image.pixels[y * image.width() + x.start..y * image.width() + x.end].to_vec());
    ColorImage::new([x.len(), y.len()], rows.collect())
}

fn read(png: &[u8]) -> Option<ColorImage> {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().ok()?;
    let mut bytes = vec![0; reader.output_buffer_size()?];
    let info = reader.next_frame(&mut bytes).ok()?;
    let size = [info.width as usize, info.height as usize];
    Some(match info.color_type {
        png::ColorType::Rgba => ColorImage::from_rgba_unmultiplied(size, &bytes),
        _ => ColorImage::from_rgb(size, &bytes),
    })
}

#[test]
fn every_script_looks_as_it_did() {
    for (dark, name) in [(false, "scripts-light"), (true, "scripts-dark")] {
        let mut stage = stage(SCRIPTS, dark);
        for (words, label) in [
            ("Maria Lind of Nordbank", "event"),
            ("Maria Lind", "entity"),
            ("“so.”", "quote"),
            ("Україна", "entity"),
            ("ἀρχῇ", "event"),
            ("موسكو: Kern", "entity"),
            ("אמר", "quote"),
            ("मंत्री", "entity"),
            ("รัฐมนตรี", "event"),
        ] {
            mark(&mut stage, words, label);
        }
        check(&mut stage, name);
    }
}

#[test]
fn every_reading_setting_looks_as_it_did() {
    for (dark, name) in [(false, "settings-light"), (true, "settings-dark")] {
        let mut stage = stage(ARTICLE, dark);
        mark(&mut stage, "Subscribe to our newsletter\nShare this", "boilerplate");
        stage.keys("Esc Esc");
        for action in [Action::FoldBoilerplate, Action::LineNumbers, Action::ShowInvisible, Action::SansSerif] {
            stage.act(&action);
        }
        check(&mut stage, name);
    }
}
