package miroir.benchmarks.operations;

import com.mongodb.client.MongoDatabase;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;

/**
 * What the resources of a type take on the disk, without what they were before.
 *
 * @param documents bytes of all documents, as they are compressed
 * @param indexes bytes of all indexes
 */
record Room(String type, long resources, long documents, long indexes) {

    /** Of each type that has any. MongoDB knows it as of its last checkpoint, so there has to be one before. */
    static List<Room> of(MongoDatabase database, List<String> types) {
        List<Room> rooms = new ArrayList<>();
        for (String type : types) {
            Document stats = database.runCommand(new Document("collStats", type));
            long count = number(stats, "count");
            if (count > 0) {
                rooms.add(new Room(type, count, number(stats, "storageSize"), number(stats, "totalIndexSize")));
            }
        }
        return rooms;
    }

    private static long number(Document stats, String name) {
        return stats.get(name, Number.class).longValue();
    }

    double bytesEach() {
        return (double) (documents + indexes) / resources;
    }

    static Room total(List<Room> rooms) {
        return rooms.stream()
                .reduce(
                        new Room("all", 0, 0, 0),
                        (a, b) -> new Room(
                                "all", a.resources + b.resources, a.documents + b.documents, a.indexes + b.indexes));
    }
}
