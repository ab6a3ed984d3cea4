//! Ways for arrows that never cross words: in the gap above a row, and along the margins. Plain geometry in pixels of the screen;
//! knows nothing of what is drawn.

use egui::{Pos2, pos2};

/// The words and the gaps that arrows go around.
pub(super) trait Ground {
    /// Between which heights a line above row `row` touches no letter from `x0` to `x1`, the preferred height in between; nothing
    /// where letters of two rows meet.
    fn gap(&self, row: usize, x0: f32, x1: f32) -> Option<Gap>;

    /// The height at which an arrow that comes from above ends, over the letters around `x`.
    fn tip(&self, row: usize, x: f32) -> f32;
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Gap {
    pub top: f32,
    pub bottom: f32,
    pub best: f32,
}

/// Edges of the text and of the view, and pixels to the point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Frame {
    pub left: f32,
    pub right: f32,
    pub top: f32,
    pub bottom: f32,
    pub scale: f32,
}

/// Where an arrow begins or ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum End {
    Seen(Foot),
    /// Not on the screen, further up or further down.
    Above,
    Below,
}

/// A stretch of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Foot {
    pub row: usize,
    pub x0: f32,
    pub x1: f32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Margin {
    Left,
    Right,
}

/// A finished way.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Route {
    /// From the start to the tip; corners are round.
    pub points: Vec<Pos2>,
    /// There is a span at its start, so it gets its dot.
    pub starts: bool,
    /// Height of its head, in pixels.
    pub head: f32,
    /// Which margin has room for its name, and the heights of its start and its end.
    pub side: Margin,
    pub heights: (f32, f32),
}

/// Points: from the text to the first lane, from lane to lane in a margin and in a gap, round corners, height of a head.
pub(super) const FIRST: f32 = 6.0;
pub(super) const APART: f32 = 4.5;
const NEAR: f32 = 3.0;
const ROUND: f32 = 4.0;
pub(super) const HEAD: f32 = 4.5;
/// Where there is little room between rows.
const SMALL_HEAD: f32 = 3.5;
/// From the edge of a span to where an arrow touches it.
const INSET: f32 = 11.0;
/// How far apart an arrow begins and ends where one span stands above the other.
const STEP: f32 = 26.0;
/// Lanes in a margin; more arrows share the outermost.
const MOST: usize = 6;

/// A way before its lanes are known.
#[derive(Clone, Debug)]
struct Plan {
    from: Option<(usize, f32)>,
    to: Option<(usize, f32)>,
    /// Rows in whose gaps it runs: one where it needs no margin.
    via: Via,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Via {
    Gap(usize),
    Beside { edge: Margin, top: f32, bottom: f32 },
}

/// Ways for all of them; `None` where both ends are off the same side of the screen.
pub(super) fn routes(ends: &[(End, End)], frame: &Frame, ground: &dyn Ground) -> Vec<Option<Route>> {
    let plans: Vec<Option<Plan>> = ends.iter().map(|(from, to)| plan(*from, *to, frame, ground)).collect();
    let mut gaps: Vec<(usize, usize, f32, f32)> = Vec::new();
    let mut lanes = Vec::new();
    // In a gap: the runs of each arrow, side by side where they overlap.
    for plan in plans.iter().flatten() {
        let mut taken = Vec::new();
        for (row, x0, x1) in plan.runs(frame) {
            let overlaps = |lane: usize| {
                gaps.iter().any(|(other, at, left, right)| *other == row && *at == lane && *left < x1 && x0 < *right)
            };
            let lane = (0..gaps.len()).find(|lane| !overlaps(*lane)).unwrap_or(gaps.len());
            gaps.push((row, lane, x0 - 4.0 * frame.scale, x1 + 4.0 * frame.scale));
            taken.push(lane);
        }
        lanes.push(taken);
    }
    let mut lanes = lanes.into_iter();
    let count = |row: usize| gaps.iter().filter(|gap| gap.0 == row).map(|gap| gap.1 + 1).max().unwrap_or(1);
    let margins = margins(&plans);
    let finish = |(plan, margin): (Option<Plan>, usize)| {
        let plan = plan?;
        let lanes = lanes.next().unwrap_or_default();
        Some(plan.finish(&lanes, &count, margin, frame, ground))
    };
    plans.into_iter().zip(margins).map(finish).collect()
}

/// How many lanes of a margin are used.
pub(super) fn width(routes: &[Option<Route>], edge: Margin, frame: &Frame) -> f32 {
    let reach = |route: &Route| {
        let beyond = |point: &Pos2| match edge {
            Margin::Left => frame.left - point.x,
            Margin::Right => point.x - frame.right,
        };
        route.points.iter().map(beyond).fold(0.0, f32::max)
    };
    routes.iter().flatten().map(reach).fold(0.0, f32::max)
}

fn plan(from: End, to: End, frame: &Frame, ground: &dyn Ground) -> Option<Plan> {
    let inset = INSET * frame.scale;
    let beside = |foot: &Foot, edge: Margin| match edge {
        Margin::Left => foot.x0 + inset.min((foot.x1 - foot.x0) / 2.0),
        Margin::Right => foot.x1 - inset.min((foot.x1 - foot.x0) / 2.0),
    };
    let height = |row: usize| ground.gap(row, frame.left, frame.right).map_or(frame.top, |gap| gap.best);
    if let (End::Seen(a), End::Seen(b)) = (from, to)
        && (a.row == b.row || a.row + 1 == b.row)
    {
        let (start, tip) = facing(&a, &b, inset, a.row == b.row);
        let (x0, x1) = (start.min(tip), start.max(tip));
        if ground.gap(b.row, x0, x1).is_some() {
            return Some(Plan { from: Some((a.row, start)), to: Some((b.row, tip)), via: Via::Gap(b.row) });
        }
    }
    // Whichever margin is nearer to both.
    let far = |end: &End, edge: Margin| match (end, edge) {
        (End::Seen(foot), Margin::Left) => foot.x0 - frame.left,
        (End::Seen(foot), Margin::Right) => frame.right - foot.x1,
        _ => 0.0,
    };
    let cost = |edge| far(&from, edge) + far(&to, edge);
    let edge = if cost(Margin::Left) < cost(Margin::Right) { Margin::Left } else { Margin::Right };
    let place = |end: &End| match end {
        End::Seen(foot) => (Some((foot.row, beside(foot, edge))), height(foot.row)),
        End::Above => (None, frame.top),
        End::Below => (None, frame.bottom),
    };
    if !matches!(from, End::Seen(_)) && from == to {
        return None;
    }
    let ((from, y0), (to, y1)) = (place(&from), place(&to));
    Some(Plan { from, to, via: Via::Beside { edge, top: y0.min(y1), bottom: y0.max(y1) } })
}

/// Where two spans that are near each other face each other.
fn facing(a: &Foot, b: &Foot, inset: f32, same_row: bool) -> (f32, f32) {
    let (wa, wb) = (inset.min((a.x1 - a.x0) / 2.0), inset.min((b.x1 - b.x0) / 2.0));
    if a.x1 <= b.x0 {
        (a.x1 - wa, b.x0 + wb)
    } else if b.x1 <= a.x0 {
        (a.x0 + wa, b.x1 - wb)
    } else if same_row {
        // One inside the other: from the corner that is further away.
        let middle = f32::midpoint(b.x0, b.x1);
        let (left, right) = (a.x0 + wa, a.x1 - wa);
        (if middle - left > right - middle { left } else { right }, middle)
    } else {
        let x = f32::midpoint(a.x0.max(b.x0), a.x1.min(b.x1));
        let step = inset / INSET * STEP;
        let (left, right) = (a.x0 + wa, a.x1 - wa);
        let start = if x - left > right - x { (x - step).max(left) } else { (x + step).min(right) };
        (start, x)
    }
}

/// A lane in its margin for each: short ways near the text.
fn margins(plans: &[Option<Plan>]) -> Vec<usize> {
    let mut order: Vec<(usize, Margin, f32, f32)> = Vec::new();
    for (index, plan) in plans.iter().enumerate() {
        if let Some(Plan { via: Via::Beside { edge, top, bottom }, .. }) = plan {
            order.push((index, *edge, *top, *bottom));
        }
    }
    order.sort_by(|a, b| (a.3 - a.2).total_cmp(&(b.3 - b.2)).then(a.0.cmp(&b.0)));
    let mut lanes = vec![0; plans.len()];
    let mut taken: Vec<(usize, Margin, f32, f32)> = Vec::new();
    for (index, edge, top, bottom) in order {
        let free = |lane: &usize| {
            let clashes = |(other, side, a, b): &(usize, Margin, f32, f32)| {
                other == lane && *side == edge && *a <= bottom && top <= *b
            };
            !taken.iter().any(clashes)
        };
        let lane = (0..MOST).find(free).unwrap_or(MOST - 1);
        taken.push((lane, edge, top, bottom));
        lanes[index] = lane;
    }
    lanes
}

impl Plan {
    /// The stretches of gaps it runs in: row, left, right.
    fn runs(&self, frame: &Frame) -> Vec<(usize, f32, f32)> {
        match self.via {
            Via::Gap(row) => {
                let xs = [self.from, self.to].map(|end| end.map_or(frame.left, |(_, x)| x));
                vec![(row, xs[0].min(xs[1]), xs[0].max(xs[1]))]
            }
            Via::Beside { edge, .. } => {
                let run = |(row, x): (usize, f32)| match edge {
                    Margin::Left => (row, frame.left, x),
                    Margin::Right => (row, x, frame.right),
                };
                self.from.into_iter().chain(self.to).map(run).collect()
            }
        }
    }

    fn finish(
        self,
        lanes: &[usize],
        count: &dyn Fn(usize) -> usize,
        margin: usize,
        frame: &Frame,
        ground: &dyn Ground,
    ) -> Route {
        let scale = frame.scale;
        let runs = self.runs(frame);
        let height = |index: usize, tip: Option<f32>| {
            let (row, x0, x1) = runs[index];
            ground.gap(row, x0, x1).map(|gap| gap.lane(lanes[index], count(row), tip, scale))
        };
        let tip = self.to.map(|(row, x)| ground.tip(row, x));
        let starts = self.from.is_some();
        match self.via {
            Via::Gap(row) => {
                let (start, end) = (self.from.map_or(frame.left, |end| end.1), self.to.map_or(frame.left, |end| end.1));
                let y = height(0, tip).unwrap_or(frame.top);
                let tip = tip.unwrap_or(y);
                let points = round(&[pos2(start, y), pos2(end, y), pos2(end, tip)], ROUND * scale);
                let middle = ground.gap(row, frame.left, frame.right).map_or(y, |gap| gap.best) + 15.0 * scale;
                let head = (tip - y).clamp(SMALL_HEAD * scale, HEAD * scale);
                Route { points, starts, head, side: Margin::Right, heights: (middle, middle) }
            }
            Via::Beside { edge, top, bottom } => {
                let out = (FIRST + APART * margin as f32) * scale;
                let x = if edge == Margin::Left { frame.left - out } else { frame.right + out };
                let mut points = Vec::new();
                match self.from {
                    Some((_, from)) => match height(0, None) {
                        Some(y) => points.extend([pos2(from, y), pos2(x, y)]),
                        // No way in between the letters: it begins beside the row.
                        None => points.push(pos2(x, top)),
                    },
                    None => points.push(pos2(x, if top <= frame.top { frame.top } else { frame.bottom })),
                }
                let mut head = HEAD * scale;
                let last = usize::from(starts);
                match (self.to, tip) {
                    (Some((row, to)), Some(tip)) => match height(last, Some(tip)) {
                        Some(y) => {
                            head = (tip - y).clamp(SMALL_HEAD * scale, head);
                            points.extend([pos2(x, y), pos2(to, y), pos2(to, tip)]);
                        }
                        None => {
                            let y = ground.tip(row, x) + 12.0 * scale;
                            let inward = if edge == Margin::Left { frame.left - 2.0 } else { frame.right + 2.0 };
                            points.extend([pos2(x, y), pos2(inward, y)]);
                        }
                    },
                    _ => points.push(pos2(x, if bottom >= frame.bottom { frame.bottom } else { frame.top })),
                }
                let mut beside = points.iter().filter(|point| (point.x - x).abs() < 0.5).map(|point| point.y);
                let (first, last) = (beside.clone().next().unwrap_or(top), beside.next_back().unwrap_or(bottom));
                Route { points: round(&points, ROUND * scale), starts, head, side: edge, heights: (first, last) }
            }
        }
    }
}

impl Gap {
    /// The height of lane `lane` of `count`, clear of the letters and, where there is room, of the arrow's own head.
    fn lane(&self, lane: usize, count: usize, tip: Option<f32>, scale: f32) -> f32 {
        let (top, mut bottom) = (self.top, self.bottom);
        if let Some(tip) = tip {
            bottom = bottom.min((tip - SMALL_HEAD * scale).max(f32::midpoint(top, bottom)));
        }
        let apart = (NEAR * scale).min((bottom - top) / count.max(1) as f32);
        let all = apart * (count - 1) as f32;
        let first = self.best.clamp(top + all, bottom.max(top + all));
        first - apart * lane as f32
    }
}

/// The same way with round corners.
fn round(points: &[Pos2], radius: f32) -> Vec<Pos2> {
    let mut out = vec![points[0]];
    for corner in points.windows(3) {
        let (before, at, after) = (corner[0], corner[1], corner[2]);
        let (a, b) = (before - at, after - at);
        let radius = radius.min(a.length() / 2.0).min(b.length() / 2.0);
        if radius < 0.5 {
            out.push(at);
            continue;
        }
        let (a, b) = (at + a.normalized() * radius, at + b.normalized() * radius);
        out.extend([0.0, 0.25, 0.5, 0.75, 1.0].map(|t| a.lerp(at, t).lerp(at.lerp(b, t), t)));
    }
    out.extend(points.last().filter(|_| points.len() > 1));
    out
}
