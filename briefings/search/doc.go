// Package search finds documents by their words: exact, begun, inflected,
// misspelt by a letter or two, or written in the other of the Latin and
// Cyrillic scripts.
//
// An [Index] is compiled once and then only read. Its words stand sorted, each
// beside the list of documents that hold it, once in each of four forms: as
// written (folded), as a stem, as a sound, and, for names, whole. Every word of
// a query is looked up in all four; a near miss costs rank, never a place.
//
// The package knows nothing of briefings: which texts a document has, what
// weighs how much and what its facets mean is its caller's business.
package search
