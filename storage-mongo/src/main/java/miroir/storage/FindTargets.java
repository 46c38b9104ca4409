package miroir.storage;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import miroir.index.json.LiteralReferences;
import miroir.index.search.Condition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Scope;
import org.bson.BsonBoolean;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/** Finds what resources refer to, of what is served here, and whether it is there. */
final class FindTargets {
    private static final Pattern LOCAL =
            Pattern.compile("([A-Z][A-Za-z]+)/([A-Za-z0-9.-]{1,64})(/_history/[A-Za-z0-9.-]{1,64})?");
    private static final int MOST_NAMED = 10;

    private final StoreDatabase database;
    private final PrepareTypes prepareTypes;
    private final ReadCurrent readCurrent;

    FindTargets(StoreDatabase database, PrepareTypes prepareTypes) {
        this.database = database;
        this.prepareTypes = prepareTypes;
        this.readCurrent = new ReadCurrent(database);
    }

    /** What is meant to be there; refused where a reference is to something contained that is not. */
    Targets of(ResourceKey key, RawBsonDocument fhir) {
        LiteralReferences references = LiteralReferences.in(fhir);
        requireContained(references);
        return of(key, references);
    }

    /** The same, whether or not what is contained is there. */
    Targets ofAny(ResourceKey key, RawBsonDocument fhir) {
        return of(key, LiteralReferences.in(fhir));
    }

    private Targets of(ResourceKey key, LiteralReferences references) {
        Map<ResourceKey, List<LiteralReferences.Found>> targets = new LinkedHashMap<>();
        for (LiteralReferences.Found found : references.all()) {
            Matcher local = LOCAL.matcher(found.reference());
            if (local.matches() && prepareTypes.serves(local.group(1))) {
                ResourceKey target = new ResourceKey(local.group(1), local.group(2));
                if (!target.equals(key)) {
                    targets.computeIfAbsent(target, each -> new ArrayList<>()).add(found);
                }
            }
        }
        return new Targets(key, targets);
    }

    private static void requireContained(LiteralReferences references) {
        refuse(
                references.uncontained(),
                Refusal.Reason.UNPROCESSABLE,
                "is to something that the resource does not contain");
    }

    /**
     * Refuses where one is not there. What a caller may not see is not there either, or the answer would tell that it is; but where the version
     * that is replaced refers to it already, or nobody could update what others let refer to things of theirs.
     *
     * @param coming those that will be
     * @param leaving those that will not be
     */
    void requireAll(Collection<Targets> written, Set<ResourceKey> coming, Set<ResourceKey> leaving, WriteScope scope) {
        Set<ResourceKey> missing = new HashSet<>();
        written.forEach(targets -> missing.addAll(targets.keys()));
        missing.removeAll(coming);
        Set<ResourceKey> there = seen(missing, scope);
        there.removeAll(leaving);
        missing.removeAll(there);
        if (!missing.isEmpty()) {
            written.forEach(targets -> refuse(
                    targets,
                    unlessRepeated(targets, missing, leaving, scope),
                    "is to nothing that is there (integrity.onWrite in server.yaml)"));
        }
    }

    private Set<ResourceKey> unlessRepeated(
            Targets targets, Set<ResourceKey> missing, Set<ResourceKey> leaving, WriteScope scope) {
        Set<ResourceKey> wrong = new HashSet<>(targets.keys());
        wrong.retainAll(missing);
        if (!wrong.isEmpty() && !scope.seen().isEverything()) {
            Set<ResourceKey> repeated = new HashSet<>(wrong);
            repeated.retainAll(ofStored(targets.of()));
            repeated.removeAll(leaving);
            wrong.removeAll(there(repeated, Scope.everything()));
        }
        return wrong;
    }

    /** What the version that is replaced refers to. */
    private Collection<ResourceKey> ofStored(ResourceKey key) {
        return readCurrent
                .content(key, Condition.all())
                .filter(StoredVersion::isLive)
                .map(stored -> ofAny(key, ((ResourceVersion.Live) stored.version()).fhir())
                        .keys())
                .orElse(List.of());
    }

    /** Refuses where one is among those that leave. */
    void refuseThose(Collection<Targets> written, Set<ResourceKey> leaving) {
        written.forEach(
                targets -> refuse(targets, leaving, "is to what would be deleted (integrity.onDelete in server.yaml)"));
    }

    private static void refuse(Targets targets, Set<ResourceKey> wrong, String why) {
        refuse(
                targets.references().entrySet().stream()
                        .filter(each -> wrong.contains(each.getKey()))
                        .flatMap(each -> each.getValue().stream())
                        .toList(),
                Refusal.Reason.CONFLICT,
                "of " + targets.of() + " " + why);
    }

    private static void refuse(List<LiteralReferences.Found> found, Refusal.Reason reason, String why) {
        if (!found.isEmpty()) {
            throw new Refusal(found.stream()
                    .limit(MOST_NAMED)
                    .map(each -> new Refusal.Issue(
                            reason, "the reference \"" + Refusal.shown(each.reference()) + "\" " + why, each.path()))
                    .toList());
        }
    }

    private Set<ResourceKey> seen(Collection<ResourceKey> keys, WriteScope scope) {
        Set<String> types = keys.stream().map(ResourceKey::type).collect(Collectors.toSet());
        return scope.amongSeen(types, () -> there(keys, scope.seen()));
    }

    /** Those that are live and within the scope; one query for each type of which something is. */
    private Set<ResourceKey> there(Collection<ResourceKey> keys, Scope within) {
        Set<ResourceKey> there = new HashSet<>();
        keys.stream().collect(Collectors.groupingBy(ResourceKey::type)).forEach((type, some) -> {
            Condition scope = within.of(type);
            if (scope.isNone()) {
                return;
            }
            Bson live = Filters.and(
                    Filters.in(
                            StoredFields.ID, some.stream().map(ResourceKey::id).toList()),
                    Filters.ne(StoredFields.DELETED, BsonBoolean.TRUE));
            for (RawBsonDocument found : database.current(type)
                    .find(scope.isAll() ? live : Filters.and(live, RenderFilter.of(scope)))
                    .projection(Projections.include(StoredFields.ID))
                    .maxTime(database.operationTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
                there.add(new ResourceKey(type, found.getString(StoredFields.ID).getValue()));
            }
        });
        return there;
    }
}
