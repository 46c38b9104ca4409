package miroir.storage;

import miroir.index.search.Condition;
import org.bson.BsonDocument;

/**
 * A part of a condition that an index can look up.
 *
 * @param keys what is looked up, as a condition of its own; every match of the whole condition meets it
 * @param index by which
 * @param inOrder whether what is found comes in order of position
 * @param forFew whether other ways find the same in order, so that this one is worth taking only for few
 */
record Driver(Condition keys, BsonDocument index, boolean inOrder, boolean forFew) {
    Driver(Condition keys, BsonDocument index, boolean inOrder) {
        this(keys, index, inOrder, false);
    }

    /** The same, where others find it in order or not; what is in order itself stays what it is. */
    Driver forFew(boolean others) {
        return new Driver(keys, index, inOrder, !inOrder && others);
    }
}
