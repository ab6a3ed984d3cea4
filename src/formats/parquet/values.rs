//! Arrow's values as JSON: what columns of any making have in common.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, ArrowTimestampType, Date32Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, Field, Fields, TimeUnit};
use serde_json::{Map, Value};

/// Bytes that one row may come to.
pub(super) struct Budget {
    left: usize,
    /// There were bytes without a type: all of them were text, or some were not.
    pub bytes: Option<bool>,
}

impl Budget {
    pub fn new(left: usize) -> Self {
        Self { left, bytes: None }
    }

    fn take(&mut self, bytes: usize) -> Option<()> {
        self.left = self.left.checked_sub(bytes)?;
        Some(())
    }
}

/// The type can be read, whatever is inside.
pub(super) fn is_readable(kind: &DataType) -> bool {
    match kind {
        DataType::List(field) | DataType::LargeList(field) => is_readable(field.data_type()),
        DataType::Struct(fields) => fields.iter().all(|field| is_readable(field.data_type())),
        DataType::Null
        | DataType::Boolean
        | DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32
        | DataType::UInt64
        | DataType::Float32
        | DataType::Float64
        | DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::BinaryView
        | DataType::Date32
        | DataType::Timestamp(..) => true,
        _ => false,
    }
}

/// The same type with strings and bytes that are views: a text that a dictionary repeats is then not copied for each row.
pub(super) fn viewed(field: &Field) -> Arc<Field> {
    let kind = match field.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 => DataType::Utf8View,
        DataType::Binary | DataType::LargeBinary => DataType::BinaryView,
        DataType::List(field) => DataType::List(viewed(field)),
        DataType::LargeList(field) => DataType::LargeList(viewed(field)),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(|field| viewed(field)).collect::<Fields>()),
        other => other.clone(),
    };
    Arc::new(field.clone().with_data_type(kind))
}

/// The value at `index`; `None` where it is larger than the budget. What is not readable is null.
pub(super) fn value(array: &ArrayRef, index: usize, budget: &mut Budget) -> Option<Value> {
    budget.take(16)?;
    if array.is_null(index) {
        return Some(Value::Null);
    }
    if let DataType::BinaryView = array.data_type() {
        // Older writers do not say that bytes are a text.
        let text = std::str::from_utf8(array.as_binary_view().value(index)).ok();
        budget.bytes = Some(text.is_some() && budget.bytes != Some(false));
        budget.take(text.map_or(0, str::len))?;
        return Some(text.into());
    }
    let mut text = |text: &str| {
        budget.take(text.len())?;
        Some(Value::from(text))
    };
    Some(match array.data_type() {
        DataType::Boolean => array.as_boolean().value(index).into(),
        DataType::Int8 => primitive::<Int8Type>(array, index).into(),
        DataType::Int16 => primitive::<Int16Type>(array, index).into(),
        DataType::Int32 => primitive::<Int32Type>(array, index).into(),
        DataType::Int64 => primitive::<Int64Type>(array, index).into(),
        DataType::UInt8 => primitive::<UInt8Type>(array, index).into(),
        DataType::UInt16 => primitive::<UInt16Type>(array, index).into(),
        DataType::UInt32 => primitive::<UInt32Type>(array, index).into(),
        DataType::UInt64 => primitive::<UInt64Type>(array, index).into(),
        DataType::Float32 => primitive::<Float32Type>(array, index).into(),
        DataType::Float64 => primitive::<Float64Type>(array, index).into(),
        DataType::Utf8 => return text(array.as_string::<i32>().value(index)),
        DataType::LargeUtf8 => return text(array.as_string::<i64>().value(index)),
        DataType::Utf8View => return text(array.as_string_view().value(index)),
        DataType::Date32 => {
            let day = array.as_primitive::<Date32Type>().value_as_date(index);
            day.map_or(Value::Null, |day| day.to_string().into())
        }
        DataType::Timestamp(unit, _) => match unit {
            TimeUnit::Second => time::<TimestampSecondType>(array, index),
            TimeUnit::Millisecond => time::<TimestampMillisecondType>(array, index),
            TimeUnit::Microsecond => time::<TimestampMicrosecondType>(array, index),
            TimeUnit::Nanosecond => time::<TimestampNanosecondType>(array, index),
        },
        DataType::List(_) => list(&array.as_list::<i32>().value(index), budget)?,
        DataType::LargeList(_) => list(&array.as_list::<i64>().value(index), budget)?,
        DataType::Struct(fields) => {
            let mut object = Map::new();
            for (field, column) in fields.iter().zip(array.as_struct().columns()) {
                object.insert(field.name().clone(), value(column, index, budget)?);
            }
            object.into()
        }
        _ => Value::Null,
    })
}

fn list(items: &ArrayRef, budget: &mut Budget) -> Option<Value> {
    (0..items.len()).map(|index| value(items, index, budget)).collect()
}

fn primitive<T: ArrowPrimitiveType>(array: &ArrayRef, index: usize) -> T::Native {
    array.as_primitive::<T>().value(index)
}

fn time<T: ArrowTimestampType>(array: &ArrayRef, index: usize) -> Value
where
    i64: From<T::Native>,
{
    array.as_primitive::<T>().value_as_datetime(index).map_or(Value::Null, |time| time.to_string().into())
}
