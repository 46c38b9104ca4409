package miroir.storage;

import org.bson.BsonDocument;

/**
 * How to go through the matches of a condition.
 *
 * @param filter the whole condition, what drives the index included
 * @param index the index to go by
 * @param by what is looked up in the index, for people
 */
record Walk(BsonDocument filter, BsonDocument index, String by) {}
