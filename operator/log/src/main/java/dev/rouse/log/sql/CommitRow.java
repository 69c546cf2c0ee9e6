package dev.rouse.log.sql;

/**
 * A commit as a row has it.
 *
 * @param first the sequence number of its first record
 * @param last the sequence number of its last record
 * @param body its JSON in UTF-8
 */
@SuppressWarnings("ArrayRecordComponent") // Rows are read once and never compared.
public record CommitRow(long first, long last, byte[] body) {}
