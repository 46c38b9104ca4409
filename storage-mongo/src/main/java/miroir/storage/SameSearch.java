package miroir.storage;

import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import miroir.index.SearchParameterRegistry;
import miroir.index.store.MakeSearch;
import miroir.index.store.SearchFields;
import miroir.index.store.SearchMade;
import miroir.index.yaml.ConfigurationRefused;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.RawBsonDocument;

/** What is searched where it never changes: its description says no more than what makes it another. */
final class SameSearch implements MakeSearch {
    private final SearchMade made;
    private final BsonDocument description;

    SameSearch(SearchParameterRegistry registry, SearchFields fields, ZoneId zone) {
        this.made = SearchMade.of(registry, fields, zone, Set.of());
        this.description = describe(registry, fields);
    }

    private static BsonDocument describe(SearchParameterRegistry registry, SearchFields fields) {
        TreeMap<String, String> digests = new TreeMap<>();
        registry.types()
                .forEach(type -> registry.of(type)
                        .forEach(parameter -> digests.put(
                                type + "." + parameter.code() + " indexed " + parameter.indexed(),
                                fields.digest(parameter))));
        BsonArray lines = new BsonArray();
        digests.forEach((name, digest) -> lines.add(new BsonString(name + " " + digest)));
        return new BsonDocument("same", lines);
    }

    @Override
    public BsonDocument ours() {
        return description;
    }

    @Override
    public SearchMade make(BsonDocument other, List<RawBsonDocument> parameters) {
        if (!description.equals(other)) {
            throw new ConfigurationRefused("what is searched", "this process cannot search anything but its own");
        }
        return made;
    }
}
