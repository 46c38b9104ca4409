package miroir.storage;

import com.mongodb.MongoCommandException;
import com.mongodb.client.AggregateIterable;
import com.mongodb.client.FindIterable;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.search.Condition;
import miroir.index.store.Deadline;
import miroir.index.store.Label;
import miroir.index.store.Labels;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * What the resources of a type are labelled with.
 *
 * <p>Profiles are the different keys of their index, which MongoDB skips through, however many resources have each. The index has a
 * versioned canonical without its version as well; whether some resource says it so is looked up in those that
 * have it, until one does. Tags and security labels
 * are told apart by system and code, and their index has codes: it tells which resources have any, and these are read. Where there
 * is no index everything is read, for as long as there is time.
 */
final class SelectLabels {
    private static final String LABEL = "label";
    private static final int TOO_MUCH_FOR_ONE_ANSWER = 17217;

    private final StoreDatabase database;
    private final SearchParameterRegistry registry;
    private final TypeIndexes indexes;

    SelectLabels(StoreDatabase database, SearchParameterRegistry registry, TypeIndexes indexes) {
        this.database = database;
        this.registry = registry;
        this.indexes = indexes;
    }

    /** What is asked. */
    private record Asked(String type, Condition scope, Deadline deadline) {}

    Labels run(String type, Condition scope, Deadline deadline) {
        Asked asked = new Asked(type, scope, deadline);
        return new Labels(profiles(asked), codings(asked, "_security", "security"), codings(asked, "_tag", "tag"));
    }

    private Set<String> profiles(Asked asked) {
        String field = field(asked.type(), "_profile", "");
        Set<String> profiles = new TreeSet<>();
        if (!asked.scope().isAll() || index(asked, field) == null) {
            grouped(asked, field, "profile", new BsonString("$" + LABEL)).forEach(group -> {
                if (group.get(StoredFields.ID, new BsonString("")) instanceof BsonString profile) {
                    profiles.add(profile.getValue());
                }
            });
            return profiles;
        }
        keys(asked, field).forEach(value -> add(value, profiles, asked));
        removeUnsaid(profiles, asked, field);
        return profiles;
    }

    /** All in one answer of MongoDB, which has 16 MB. */
    private List<BsonValue> keys(Asked asked, String field) {
        try {
            return database.current(asked.type())
                    .distinct(field, BsonValue.class)
                    .maxTime(TimeLeft.millis(asked.deadline()), TimeUnit.MILLISECONDS)
                    .into(new ArrayList<>());
        } catch (MongoCommandException e) {
            if (e.getErrorCode() == TOO_MUCH_FOR_ONE_ANSWER) {
                throw tooMany(asked);
            }
            throw e;
        }
    }

    /** Null stands for the resources that have none. */
    private static void add(@Nullable BsonValue value, Set<String> profiles, Asked asked) {
        if (value != null && value.isString()) {
            profiles.add(value.asString().getValue());
        }
        refuseTooMany(profiles.size(), asked);
    }

    /** Those that are there only because a version of them is. Nothing but the resources themselves tells one that names both from one that does not. */
    private void removeUnsaid(Set<String> profiles, Asked asked, String field) {
        Set<String> versioned = profiles.stream()
                .filter(profile -> profile.indexOf('|') > 0)
                .map(profile -> profile.substring(0, profile.indexOf('|')))
                .collect(Collectors.toSet());
        versioned.stream().filter(url -> !isSaid(url, asked, field)).forEach(profiles::remove);
    }

    private boolean isSaid(String url, Asked asked, String field) {
        FindIterable<RawBsonDocument> found = database.current(asked.type())
                .find(Filters.and(Filters.eq(field, url), Filters.eq(path("profile"), url)))
                .projection(Projections.include(StoredFields.ID))
                .hint(index(asked, field))
                .limit(1)
                .maxTime(TimeLeft.millis(asked.deadline()), TimeUnit.MILLISECONDS);
        return found.first() != null;
    }

    private Set<Label> codings(Asked asked, String parameter, String element) {
        String field = field(asked.type(), parameter, "value");
        BsonDocument identity = new BsonDocument("system", new BsonString("$" + LABEL + ".system"))
                .append("code", new BsonString("$" + LABEL + ".code"));
        Set<Label> labels = new TreeSet<>();
        for (BsonDocument group : grouped(asked, field, element, identity)) {
            BsonDocument coding = group.getDocument(StoredFields.ID);
            if (coding.containsKey("code")) {
                labels.add(new Label(
                        coding.getString("system", new BsonString("")).getValue(),
                        coding.getString("code").getValue()));
            }
        }
        return labels;
    }

    /** The different labels in an element, of the resources that an index says to have some. */
    private List<BsonDocument> grouped(Asked asked, String field, String element, BsonValue identity) {
        BsonDocument index = index(asked, field);
        Bson labelled = index == null ? Filters.exists(path(element)) : Filters.gte(field, "");
        Bson visible = asked.scope().isAll() ? labelled : Filters.and(labelled, RenderFilter.within(asked.scope()));
        List<Bson> steps = List.of(
                Aggregates.match(visible),
                Aggregates.project(new BsonDocument(LABEL, new BsonString("$" + path(element)))),
                Aggregates.unwind("$" + LABEL),
                new BsonDocument("$group", new BsonDocument(StoredFields.ID, identity)),
                Aggregates.limit(Labels.MOST + 1));
        AggregateIterable<BsonDocument> groups = database.current(asked.type())
                .aggregate(steps, BsonDocument.class)
                .maxTime(TimeLeft.millis(asked.deadline()), TimeUnit.MILLISECONDS);
        List<BsonDocument> found = (index == null ? groups : groups.hint(index)).into(new ArrayList<>());
        refuseTooMany(found.size(), asked);
        return found;
    }

    private static void refuseTooMany(int found, Asked asked) {
        if (found > Labels.MOST) {
            throw tooMany(asked);
        }
    }

    private static Refusal tooMany(Asked asked) {
        return new Refusal(
                Refusal.Reason.TOO_COSTLY,
                "the resources of the type " + asked.type() + " have more than " + Labels.MOST
                        + " different labels of one kind; a search with _tag, _security or _profile finds those with one");
    }

    private @Nullable BsonDocument index(Asked asked, String field) {
        WantedIndex index = indexes.on(asked.type(), field);
        return index == null ? null : index.keys();
    }

    /** An empty string, which no index has, where there is no such parameter. */
    private String field(String type, String parameter, String suffix) {
        SearchParameter found = registry.find(type, parameter);
        return found == null ? "" : found.field(suffix);
    }

    private static String path(String element) {
        return StoredFields.FHIR + ".meta." + element;
    }
}
