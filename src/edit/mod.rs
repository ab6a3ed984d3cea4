//! Changing layers: edits that can be turned around, transactions of them, and what undo takes back.
//!
//! Pure: knows nothing of storage, clocks, or who is allowed to change what.

mod apply;
#[expect(clippy::module_inception, reason = "`edit::edit` holds `Edit`")]
mod edit;
mod history;
pub mod record;
mod transaction;

pub use apply::{Stale, apply, apply_edit};
pub use edit::{Edit, LayerEdit};
pub use history::{Direction, History};
pub use transaction::{Kind, Transaction, TransactionId};
