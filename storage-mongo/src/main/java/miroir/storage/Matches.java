package miroir.storage;

import com.mongodb.client.MongoCursor;
import com.mongodb.client.MongoIterable;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.bson.RawBsonDocument;

/** Documents in the order that was asked for, fetched as somebody goes on. */
interface Matches extends Iterator<RawBsonDocument>, AutoCloseable {

    /**
     * What a query finds.
     *
     * @param asked what is being done, to be named where there was no time for it
     */
    static Matches of(Supplier<String> asked, MongoIterable<RawBsonDocument> query) {
        MongoCursor<RawBsonDocument> cursor = Refusing.failures(asked, query::iterator);
        return new Matches() {
            @Override
            public boolean hasNext() {
                return Refusing.failures(asked, cursor::hasNext);
            }

            @Override
            public RawBsonDocument next() {
                return cursor.next();
            }

            @Override
            public void close() {
                cursor.close();
            }
        };
    }

    /** What is in memory already. */
    static Matches of(List<RawBsonDocument> documents) {
        Iterator<RawBsonDocument> each = documents.iterator();
        return new Matches() {
            @Override
            public boolean hasNext() {
                return each.hasNext();
            }

            @Override
            public RawBsonDocument next() {
                return each.next();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    void close();
}
