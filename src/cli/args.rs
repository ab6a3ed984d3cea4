//! What can be asked for on the command line, and the help that says so.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{ArgAction, Args, CommandFactory as _, Parser, Subcommand, ValueEnum};

use crate::agreement::MEASURES;
use crate::formats::table::{FORMATS, Format};

const VERSION: &str = if cfg!(feature = "app") {
    concat!(env!("CARGO_PKG_VERSION"), " (with window)")
} else {
    concat!(env!("CARGO_PKG_VERSION"), " (command line only)")
};

const EXAMPLES: &str = "\
Examples:
  spanwright new news articles/                            make a project of a folder of articles
  spanwright import news ana.jsonl --report ana.md         take in someone's layers
  spanwright export news --format spans --out train.jsonl  write my finished work for training

Exit status: 0 done; 1 done, but something was refused or fell short; 2 not done.";

/// Label spans in articles, compare annotators, export training data.
#[derive(Debug, Parser)]
#[command(name = "spanwright", version = VERSION, after_help = EXAMPLES, max_term_width = 100)]
#[command(args_conflicts_with_subcommands = true, disable_help_flag = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,

    /// The project to open in the window, or articles to make one of
    #[arg(value_name = "PROJECT | ARTICLES")]
    pub paths: Vec<PathBuf>,

    /// Who I am; for export: whose layers, for assign: who gets documents (several with commas)
    #[arg(long, value_name = "NAME", env = "SPANWRIGHT_ANNOTATOR", hide_env_values = true, global = true)]
    pub annotator: Option<String>,

    /// Say only what went wrong
    #[arg(long, short, global = true)]
    pub quiet: bool,

    /// Print help
    #[arg(long, short, global = true, action = ArgAction::HelpShort)]
    help: Option<bool>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Open a throw-away copy of the sample project
    Demo,
    /// Make a project, and import articles into it
    New(New),
    /// Take articles and layers into a project
    Import(Import),
    /// Write texts and layers in a data format
    Export(Export),
    /// The documents, as the list in the window shows them
    List(List),
    /// Turn one data format into another, without a project
    Convert(Convert),
    /// Deal documents out to annotators
    Assign(Assign),
    /// Counts by source, status, label and annotator; pace
    Stats(Stats),
    /// How far annotators agree, by many measures, with intervals
    Agree(Agree),
    /// The differences between annotators, one per line
    Diff(Diff),
    /// Settle into gold what annotators agree on
    Adjudicate(Adjudicate),
    /// Every problem of a project or a schema, with its place and what to do
    Check(Check),
    /// Give an annotator another name, or merge two names
    Rename(Rename),
    /// Make a verified copy of what cannot be rebuilt
    Backup(Backup),
    /// Go back to a backup; without one, list those there are
    Restore(Restore),
    /// Draw the pictures of the window for a folder, without a display
    Screenshot(Screenshot),
    /// Measure how quick the program is on this machine, beside its goals
    Bench(Bench),
    /// Print a project's schema, or one to begin with
    Schema(Schema),
    /// Print completions for a shell
    Completions { shell: clap_complete::Shell },
    /// Print the manual page
    Man,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spanwright new news                                 an empty project with the schema for news
  spanwright new news --schema my.ron articles/       with a schema of your own
  spanwright new events --schema events export.zip    with one of the schemas that come along
  spanwright new old brat-folder/ --annotator ana     from another tool; the schema is made of its labels")]
pub(super) struct New {
    /// The folder to make; new or empty
    pub project: PathBuf,
    /// Files, folders or archives of articles
    pub articles: Vec<PathBuf>,
    /// A schema file, or one of: news, entities, events, blank. Else made of the labels in the files, if they have some, or news
    #[arg(long, value_name = "FILE")]
    pub schema: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spanwright import news articles/ more.zip              articles of any kind
  spanwright import news dump.csv --map text=body,id=url saying which column is what
  spanwright import news layers/ben                      a colleague's layer files
  spanwright import news train.spacy --annotator ana     from another tool; see --dry-run and `export --help`")]
pub(super) struct Import {
    /// The project's folder
    pub project: PathBuf,
    /// Files, folders or archives; - is standard input
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// What the files are; recognised where not given
    #[arg(long, short, value_parser = format())]
    pub format: Option<&'static Format>,
    /// Which field holds what: text=body,id=url,title=headline
    #[arg(long, value_name = "KEY=FIELD,…")]
    pub map: Option<String>,
    /// The encoding of the files, where it is not found by itself: windows-1251, utf-16le, …
    #[arg(long)]
    pub encoding: Option<String>,
    /// Keep a changed text as a new version beside the old one
    #[arg(long)]
    pub new_versions: bool,
    /// Only say what the files are and hold, and which labels the schema lacks
    #[arg(long)]
    pub dry_run: bool,
    /// Write a full report: .json, .csv, .md or .txt
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spanwright assign news --annotator ana,ben,cleo --overlap 20%   a fifth to everybody, the rest to one each
  spanwright assign news --dry-run                                what new documents would go to whom
  spanwright assign news --annotator ana,ben --anew               deal out again, but for what was begun

Writes assignments.ron in the project's folder. Each annotator's list then shows theirs. What was given out
before stays; what is new is dealt out so that numbers and lengths come out even, of every source.")]
pub(super) struct Assign {
    /// The project's folder
    pub project: PathBuf,
    /// The share of the documents that goes to every annotator: 20% or 0.2; at first 20%, then as before
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub overlap: Option<f64>,
    /// Another number deals otherwise; the same one always the same
    #[arg(long)]
    pub seed: Option<u64>,
    /// Deal out everything again, but for what an annotator has begun
    #[arg(long)]
    pub anew: bool,
    /// Only say what each would get
    #[arg(long)]
    pub dry_run: bool,
    /// A table on a terminal, tab-separated lines in a pipe
    #[arg(long, short)]
    pub format: Option<Form>,
}

/// `20%` or `0.2`.
fn share(words: &str) -> Result<f64, String> {
    let (number, of) = words.trim().strip_suffix('%').map_or((words.trim(), 1.0), |number| (number.trim(), 100.0));
    let share = number.parse::<f64>().ok().map(|number| number / of).filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "it is a share such as 20% or 0.2".to_owned())
}

#[derive(Debug, Args)]
#[command(after_help = export_help())]
pub(super) struct Export {
    /// The project's folder
    pub project: PathBuf,
    /// The data format, one of those below
    #[arg(long, short, value_parser = format(), hide_possible_values = true)]
    pub format: &'static Format,
    /// The file to write; a folder where there are several; - is standard output
    #[arg(long, short, value_name = "PATH")]
    pub out: PathBuf,
    /// The layers that adjudication made
    #[arg(long, conflicts_with = "all")]
    pub gold: bool,
    /// Every document and every layer, gold included
    #[arg(long)]
    pub all: bool,
    /// Only layers with this status
    #[arg(long, value_delimiter = ',', value_parser = ["in-progress", "finished", "skipped"])]
    pub status: Vec<String>,
    /// Only spans with these labels, or with labels below them
    #[arg(long, value_delimiter = ',', value_name = "LABEL,…")]
    pub label: Vec<String>,
    /// Count in the text as it was imported, CRLF and byte order mark included
    #[arg(long, value_name = "WHICH", value_parser = ["original"])]
    pub offsets: Option<String>,
    #[command(flatten)]
    pub shape: Shape,
    /// Parts to train, tune and test on, in percent; near-duplicates stay together
    #[arg(long, value_name = "80/10/10")]
    pub split: Option<String>,
    /// What has the same value of this field stays together: source, or other metadata
    #[arg(long, value_name = "FIELD", requires = "split")]
    pub group_by: Option<String>,
    /// The same seed gives the same parts
    #[arg(long, value_name = "N", requires = "split", default_value_t = 1)]
    pub seed: u64,
    /// Replace annotators' names; the same secret word gives the same ones again
    #[arg(long, value_name = "WORD")]
    pub pseudonyms: Option<String>,
    /// Beside a single file, too: FILE.manifest.json, FILE.card.md
    #[arg(long)]
    pub card: bool,
    /// The licence that the dataset card names
    #[arg(long, value_name = "NAME")]
    pub licence: Option<String>,
    /// Read the output back before it counts, in formats that lose nothing too
    #[arg(long)]
    pub verify: bool,
    /// Write nothing if anything that an annotator made would be left out
    #[arg(long)]
    pub strict: bool,
    /// Write a full report: .json, .csv, .md or .txt
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

/// How spans become tokens and tags.
#[derive(Debug, Args)]
pub(super) struct Shape {
    /// What becomes of a span that ends inside a token: cut (the token), expand, contract, drop
    #[arg(long, value_name = "HOW", value_parser = ["cut", "expand", "contract", "drop"], default_value = "cut", hide_possible_values = true)]
    pub misaligned: String,
    /// How flat targets write tags: bio, bioes, bilou
    #[arg(long, value_name = "SCHEME", value_parser = ["bio", "bioes", "bilou"], default_value = "bio", hide_possible_values = true)]
    pub scheme: String,
    /// Flat targets keep these labels first, then the longest span
    #[arg(long, value_delimiter = ',', value_name = "LABEL,…")]
    pub priority: Vec<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spanwright convert brat-folder/ --format spacy --out train.spacy
  spanwright convert project.json --format hf --out dataset/
  spanwright convert news.jsonl --format conll --out - --scheme bioes

Whose the layers are that name nobody: --annotator NAME. `export --help` lists the formats.")]
pub(super) struct Convert {
    /// Files, folders or archives of labelled data, of one format
    #[arg(required = true)]
    pub inputs: Vec<PathBuf>,
    /// The data format to write
    #[arg(long, short, value_parser = format())]
    pub format: &'static Format,
    /// The file to write; a folder where there are several; - is standard output
    #[arg(long, short, value_name = "PATH")]
    pub out: PathBuf,
    /// What the input is; recognised where not given
    #[arg(long, value_parser = format())]
    pub from: Option<&'static Format>,
    /// The schema that targets are told: a file, a project, or one that comes along. Else made of the labels
    #[arg(long, value_name = "FILE")]
    pub schema: Option<String>,
    #[command(flatten)]
    pub shape: Shape,
    /// Read the output back before it counts, in formats that lose nothing too
    #[arg(long)]
    pub verify: bool,
    /// Write nothing if anything that an annotator made would be left out
    #[arg(long)]
    pub strict: bool,
    /// Write a full report: .json, .csv, .md or .txt
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spanwright list news status:untouched           what is still to do
  spanwright list news label:quote sort:-date     newest first, with a quote
  spanwright list news bridge --format jsonl      with “bridge” in title, id or source
  spanwright list news label:quote -has:speaker   with a quote and no speaker at all

Fields: text: label: has: attr: note: by: assigned: overlap: status: flag: title: id: source: date: hidden: sort: case: word:")]
pub(super) struct List {
    /// The project's folder
    pub project: PathBuf,
    /// Words and fields, such as status:finished or -label:quote
    pub query: Vec<String>,
    /// Every document, not only what is assigned to me
    #[arg(long)]
    pub all: bool,
    /// A table on a terminal, tab-separated lines in a pipe
    #[arg(long, short)]
    pub format: Option<Form>,
}

#[derive(Debug, Args)]
#[command(after_help = agree_help())]
pub(super) struct Agree {
    /// The project's folder
    pub project: PathBuf,
    /// Only spans with these labels, or with labels below them
    #[arg(long, value_delimiter = ',', value_name = "LABEL,…")]
    pub label: Vec<String>,
    /// What the measures that count positions count: token, char
    #[arg(long, value_name = "WHAT", value_parser = ["token", "char"], default_value = "token", hide_possible_values = true)]
    pub unit: String,
    /// Which measures, of those below; those that take long only where they are named
    #[arg(long, value_delimiter = ',', value_name = "MEASURE,…")]
    pub measure: Vec<String>,
    /// The same seed gives the same intervals
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// How many samples of documents an interval is made of; 0 for no intervals
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub samples: usize,
    /// Fall short (exit status 1) where the mean over pairs is lower, or there is none
    #[arg(long, value_delimiter = ',', value_name = "MEASURE=VALUE,…")]
    pub min: Vec<String>,
    /// Week by week too; in JSON and in reports
    #[arg(long)]
    pub drift: bool,
    /// Without each annotator too; in JSON and in reports
    #[arg(long)]
    pub leave_one_out: bool,
    /// A table on a terminal, tab-separated lines in a pipe
    #[arg(long, short)]
    pub format: Option<Form>,
    /// Write everything to a file: .html for people, or .json, .jsonl, .csv, .md, .txt
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spanwright diff news --annotator ana,ben                  every difference between the two
  spanwright diff news --annotator ana,ben --label quote    only where one of them says quote
  spanwright diff news --annotator ana,gold --format jsonl  what adjudication changed, for a script

Compared are documents that two of them finished. Without --annotator, everybody but gold is compared.
Offsets count code points, half open. The exit status is 1 where a layer counts in an older text and is left out.")]
pub(super) struct Diff {
    /// The project's folder
    pub project: PathBuf,
    /// Only differences in which someone gives one of these labels
    #[arg(long, value_delimiter = ',', value_name = "LABEL,…")]
    pub label: Vec<String>,
    /// Only what gold has not settled
    #[arg(long)]
    pub open: bool,
    /// A table on a terminal, tab-separated lines in a pipe
    #[arg(long, short)]
    pub format: Option<Form>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spanwright adjudicate news --annotator ana,ben --accept unanimous      what both say becomes gold
  spanwright adjudicate news --annotator ana,ben,cem --accept majority   what two of three say
  spanwright adjudicate news --accept majority --dry-run                 only list what would be settled

What is settled stays as it is, whoever settled it. Without --annotator, everybody but gold is compared.")]
pub(super) struct Adjudicate {
    /// The project's folder
    pub project: PathBuf,
    /// What is settled without a look: unanimous (all who finished the document say it), majority (more than half of them)
    #[arg(long, value_name = "RULE", value_parser = ["unanimous", "majority"], hide_possible_values = true)]
    pub accept: String,
    /// Who settles, as each decision says; else who I am
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// Only list what would be settled
    #[arg(long)]
    pub dry_run: bool,
    /// The list of a dry run: a table on a terminal, tab-separated lines in a pipe
    #[arg(long, short)]
    pub format: Option<Form>,
    /// Write a full report: .json, .csv, .md or .txt
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Stats {
    /// The project's folder
    pub project: PathBuf,
    /// A table on a terminal, tab-separated lines in a pipe
    #[arg(long, short)]
    pub format: Option<Form>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spanwright check news                 the whole project: texts, log, layers, schema
  spanwright check schemas/news.ron     a schema file
  spanwright check news --format json   for a script; the exit status is 1 where there are errors")]
pub(super) struct Check {
    /// A project's folder or a schema file
    #[arg(value_name = "PROJECT | SCHEMA")]
    pub path: PathBuf,
    /// A table on a terminal, tab-separated lines in a pipe
    #[arg(long, short)]
    pub format: Option<Form>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spanwright rename news Anna ana    correct a name, or merge two names of one person
  spanwright rename news ana a1      put a pseudonym in its place; exports and layers/ then carry it

Where both names have layers of one document that differ, both stay as they are. The log in .store/ keeps the old name.")]
pub(super) struct Rename {
    /// The project's folder
    pub project: PathBuf,
    /// The name so far
    pub from: String,
    /// The name from now on
    pub to: String,
}

#[derive(Debug, Args)]
pub(super) struct Backup {
    /// The project's folder
    pub project: PathBuf,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spanwright restore news                            the backups there are, newest first
  spanwright restore news newest                     go back to the newest
  spanwright restore news work-20261122T100000.db    go back to this one

What was there until then is kept as one more backup. Articles are never changed.")]
pub(super) struct Restore {
    /// The project's folder
    pub project: PathBuf,
    /// A backup as listed, a file, or: newest
    pub backup: Option<PathBuf>,
    /// For the list: a table on a terminal, tab-separated lines in a pipe
    #[arg(long, short)]
    pub format: Option<Form>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spanwright screenshot --out screenshots    the pictures of the README

The sample inside the program, its own fonts, a clock that stands still: the same bytes on every machine.")]
pub(super) struct Screenshot {
    /// The folder for the pictures
    #[arg(long, default_value = "screenshots", value_name = "DIR")]
    pub out: PathBuf,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spanwright bench                     everything; takes some minutes and 11 GB in the temporary folder
  spanwright bench --quick             with less data, in seconds
  spanwright bench --only key,scroll   some rows: those whose names begin so
  spanwright bench window              frames for everything a hand does, on three sizes in three scripts
  spanwright bench formats             every data format, written and read
  spanwright bench agreement           statistics of agreement
  spanwright bench formats --beside .venv/bin/python   and the libraries that own them

Times are CPU time. Distributions are judged by their 99th percentile, repetitions of something long by their
median. The exit status says nothing of the goals. TMPDIR says where the data is made; it is removed.")]
pub(super) struct Bench {
    /// A part on its own, in more detail
    #[arg(value_name = "PART")]
    pub part: Option<Part>,
    /// Less data: 10,000 documents instead of 1,000,000
    #[arg(long)]
    pub quick: bool,
    /// Only rows whose names begin so
    #[arg(long, value_delimiter = ',', value_name = "NAME,…")]
    pub only: Vec<String>,
    /// With `formats`: an interpreter that has spacy, datasets, pyarrow and label-studio-sdk, to be measured too
    #[arg(long, value_name = "PYTHON")]
    pub beside: Option<PathBuf>,
    /// A table on a terminal, tab-separated lines in a pipe
    #[arg(long, short)]
    pub format: Option<Form>,
    /// Measures the opening of a project, or an import into it, in a process of its own; the statistics of a file of data
    #[arg(long, hide = true, value_name = "PROJECT")]
    pub inside: Option<PathBuf>,
    #[arg(long, hide = true, requires = "inside")]
    pub articles: Option<PathBuf>,
    #[arg(long, hide = true, requires = "articles", value_parser = format())]
    pub convert: Option<&'static Format>,
    #[arg(long, hide = true, requires = "convert")]
    pub in_memory: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spanwright schema blank > my.ron     a schema that explains the format
  spanwright schema news               the schema for news
  spanwright schema PROJECT --stamp    the short name that layers keep")]
pub(super) struct Schema {
    /// A project's folder, or one of: news, entities, events, blank
    #[arg(value_name = "PROJECT | NAME")]
    pub which: String,
    /// Only the stamp: name and hash of what the schema means
    #[arg(long)]
    pub stamp: bool,
}

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    Json,
    Jsonl,
    Csv,
    Md,
    Table,
}

fn export_help() -> String {
    let mut help = "\
Examples:
  spanwright export news --format spans --out train.jsonl --status finished
  spanwright export news --format spanwright --all --out - | gzip > news.jsonl.gz
  spanwright export news --format spans --annotator ana,ben --out layers/   one file each
  spanwright export news --format spacy --gold --out corpus/ --split 80/10/10 --group-by source

Formats:
"
    .to_owned();
    for format in FORMATS.iter().filter(|format| format.writer.is_some()) {
        help.extend(["  ", format.id, &" ".repeat(13 - format.id.len()), format.about, "\n"]);
    }
    help + "\nMy own layers are exported unless told otherwise. Offsets count code points, half open."
}

fn agree_help() -> String {
    let mut help = "\
Examples:
  spanwright agree news                                      everyone but gold
  spanwright agree news --annotator ana,ben --label quote
  spanwright agree news --annotator ana,gold --format json
  spanwright agree news --min f1-exact=0.8,alpha=0.67 --quiet || echo not yet

Measures:
"
    .to_owned();
    for measure in MEASURES {
        let long = if measure.on_request() { " (only where named)" } else { "" };
        help.extend(["  ", measure.id(), &" ".repeat(13 - measure.id().len().min(12)), measure.about(), long, "\n"]);
    }
    help + "\nOnly finished layers count, empty ones too. Intervals are 95 %, by a bootstrap over documents."
}

/// The data formats there are.
fn format() -> impl clap::builder::TypedValueParser<Value = &'static Format> {
    PossibleValuesParser::new(FORMATS.iter().map(|format| format.id))
        .try_map(|id| Format::named(&id).ok_or_else(|| format!("no format {id}")))
}

/// The whole command line, as completions and the manual describe it.
pub fn command() -> clap::Command {
    Arguments::command()
}

/// What `bench` measures on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Part {
    /// Frames of the window
    Window,
    /// Documents per second and memory of each data format's writer and reader
    Formats,
    /// Statistics of agreement
    Agreement,
}
