package miroir.index.extract;

import miroir.index.path.Capture;
import miroir.index.path.RawValue;
import org.bson.BsonDocument;

/** Collects the values that one parameter selects of one resource, then writes its fields. */
interface ParameterFields {

    /** Adds a selected value; one of a type that the parameter cannot index adds nothing. */
    void add(Capture capture, RawValue value);

    /** Adds the outcome of an expression that is a condition. */
    default void add(boolean outcome) {}

    /** Writes the fields; the main one even when nothing could be indexed, so that the parameter is not missing. */
    void write(BsonDocument fields);
}
