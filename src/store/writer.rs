//! Writes one table as Parquet: the only file that knows how. The columns of a row group are
//! encoded in parallel; the bytes do not depend on it.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Builder, Int64Builder, StringBuilder};
use arrow::datatypes::{DataType, Field as ArrowField, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use rayon::prelude::*;

use super::StoreError;
use super::tables::{ColumnKind, Field, Table};

/// Rows per row group: a writer holds a few megabytes, whatever comes.
const ROW_GROUP: usize = 16_384;

/// A table being written, row by row.
pub struct TableWriter {
    table: &'static Table,
    schema: Arc<Schema>,
    writer: SerializedFileWriter<File>,
    row_groups: ArrowRowGroupWriterFactory,
    written: usize,
    builders: Vec<Builder>,
    rows: usize,
}

enum Builder {
    Text(StringBuilder),
    Integer(Int64Builder),
    Number(Float64Builder),
}

impl TableWriter {
    pub(super) fn create(table: &'static Table, path: &Path) -> Result<TableWriter, StoreError> {
        let file = File::create(path).map_err(|error| StoreError::io("written", path, error))?;
        let fields: Vec<ArrowField> = table
            .columns
            .iter()
            .map(|column| {
                let (kind, nullable) = match column.kind {
                    ColumnKind::Text => (DataType::Utf8, false),
                    ColumnKind::OptionalText => (DataType::Utf8, true),
                    ColumnKind::Integer => (DataType::Int64, false),
                    ColumnKind::OptionalInteger => (DataType::Int64, true),
                    ColumnKind::OptionalNumber => (DataType::Float64, true),
                };
                ArrowField::new(column.name, kind, nullable)
            })
            .collect();
        let schema = Arc::new(Schema::new(fields));
        let sorted: Vec<SortingColumn> = (0..table.sorted_by)
            .map(|column| SortingColumn {
                column_idx: i32::try_from(column).expect("a table has few columns"),
                descending: false,
                nulls_first: false,
            })
            .collect();
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_created_by(concat!("cssa ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_max_row_group_row_count(Some(ROW_GROUP))
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_sorting_columns((!sorted.is_empty()).then_some(sorted))
            .set_key_value_metadata(Some(vec![KeyValue::new("cssa.table".to_owned(), table.name.to_owned())]))
            .build();
        let (writer, row_groups) = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties))
            .and_then(ArrowWriter::into_serialized_writer)
            .map_err(|source| StoreError::Write { table: table.name, source })?;
        let builders = table
            .columns
            .iter()
            .map(|column| match column.kind {
                ColumnKind::Text | ColumnKind::OptionalText => Builder::Text(StringBuilder::new()),
                ColumnKind::Integer | ColumnKind::OptionalInteger => Builder::Integer(Int64Builder::new()),
                ColumnKind::OptionalNumber => Builder::Number(Float64Builder::new()),
            })
            .collect();
        Ok(TableWriter { table, schema, writer, row_groups, written: 0, builders, rows: 0 })
    }

    /// Adds a row: a field for each column of the table, of its kind.
    pub fn row<const N: usize>(&mut self, fields: [Field<'_>; N]) -> Result<(), StoreError> {
        assert_eq!(N, self.builders.len(), "a row of {} has a field for each column", self.table.name);
        for (builder, field) in self.builders.iter_mut().zip(fields) {
            match (builder, field) {
                (Builder::Text(builder), Field::Text(text)) => builder.append_value(text),
                (Builder::Text(builder), Field::OptionalText(text)) => builder.append_option(text),
                (Builder::Integer(builder), Field::Integer(number)) => builder.append_value(number),
                (Builder::Integer(builder), Field::OptionalInteger(number)) => builder.append_option(number),
                (Builder::Number(builder), Field::OptionalNumber(number)) => builder.append_option(number),
                _ => unreachable!("a field of {} has the kind of its column", self.table.name),
            }
        }
        self.rows += 1;
        if self.rows == ROW_GROUP { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), StoreError> {
        let columns = self.builders.iter_mut().map(|builder| -> ArrayRef {
            match builder {
                Builder::Text(builder) => Arc::new(builder.finish()),
                Builder::Integer(builder) => Arc::new(builder.finish()),
                Builder::Number(builder) => Arc::new(builder.finish()),
            }
        });
        let columns: Vec<ArrayRef> = columns.collect();
        self.rows = 0;
        let wrapped = |source| StoreError::Write { table: self.table.name, source };
        let writers = self.row_groups.create_column_writers(self.written).map_err(wrapped)?;
        let fields: Vec<_> = self.schema.fields().iter().cloned().collect();
        let encode = |((mut writer, field), column): ((ArrowColumnWriter, Arc<ArrowField>), ArrayRef)| {
            for leaf in compute_leaves(&field, &column)? {
                writer.write(&leaf)?;
            }
            writer.close()
        };
        let chunks: Vec<Result<ArrowColumnChunk, _>> =
            writers.into_par_iter().zip(fields).zip(columns).map(encode).collect();
        let mut row_group = self.writer.next_row_group().map_err(wrapped)?;
        for chunk in chunks {
            chunk.and_then(|chunk| chunk.append_to_row_group(&mut row_group)).map_err(wrapped)?;
        }
        row_group.close().map_err(wrapped)?;
        self.written += 1;
        Ok(())
    }

    /// Writes the last rows and the footer. The file is safe on the disk only after the commit, which waits for all
    /// tables at once.
    pub fn finish(mut self) -> Result<(), StoreError> {
        if self.rows > 0 {
            self.flush()?;
        }
        let wrapped = |source| StoreError::Write { table: self.table.name, source };
        self.writer.into_inner().map(drop).map_err(wrapped)
    }
}
