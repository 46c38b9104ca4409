package miroir.index.store;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Set;
import java.util.stream.Stream;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.SearchParameterType;
import miroir.index.value.WordStarts;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;

/**
 * A handful of search fields made by hand, one for each form that a condition can test. The contract depends on these and
 * not on the path compiler, so that a store that fails it is itself at fault.
 */
public final class ContractFields implements SearchFields {
    private static final Set<String> SORTABLE = Set.of("active", "name", "birthdate");
    private static final long DAY = 86_400_000L;

    /** The parameters whose fields these are. */
    public static SearchParameterRegistry registry() {
        List<SearchParameter> parameters = Stream.of("Practitioner", "Organization")
                .flatMap(type -> Stream.of(
                        parameter(type, "identifier", SearchParameterType.TOKEN),
                        parameter(type, "active", SearchParameterType.TOKEN),
                        parameter(type, "name", SearchParameterType.STRING),
                        parameter(type, "birthdate", SearchParameterType.DATE),
                        parameter(type, "weight", SearchParameterType.QUANTITY),
                        parameter(type, "url", SearchParameterType.URI),
                        parameter(type, "version", SearchParameterType.TOKEN),
                        parameter(type, "partof", SearchParameterType.REFERENCE)))
                .toList();
        return SearchParameterRegistry.of(List.of("Practitioner", "Organization"), parameters);
    }

    private static SearchParameter parameter(String type, String code, SearchParameterType searchType) {
        return new SearchParameter(
                type,
                code,
                searchType,
                type + "." + code,
                code,
                true,
                SORTABLE.contains(code),
                "",
                "",
                List.of(),
                List.of(),
                "contract");
    }

    @Override
    public String digest(SearchParameter parameter) {
        return parameter.code();
    }

    @Override
    public BsonDocument extract(ResourceKey key, Instant from, RawBsonDocument fhir) {
        BsonDocument fields = new BsonDocument("t_fid", new BsonString(key.toString()))
                .append("t_id", new BsonString(key.id()))
                .append("t_lastupdated", new BsonInt64(from.toEpochMilli()));
        tokens(fields, "identifier", array(fhir, "identifier"));
        if (fhir.containsKey("active")) {
            fields.append(
                    "t_active-value",
                    array(new BsonString(fhir.getBoolean("active").getValue() ? "true" : "false")));
            bounds(
                    fields,
                    "active",
                    array(new BsonString(fhir.getBoolean("active").getValue() ? "true" : "false")));
        }
        text(fields, "name", array(fhir, "name"));
        intervals(fields, "birthdate", array(fhir, "birthDate"));
        quantities(fields, "weight", array(fhir, "weight"));
        if (fhir.containsKey("url")) {
            fields.append("t_url", array(fhir.get("url")));
        }
        if (fhir.containsKey("version")) {
            fields.append("t_version-value", array(fhir.get("version")));
        }
        if (fhir.containsKey("partOf")) {
            reference(fields, fhir.getDocument("partOf").getString("reference"));
        }
        return fields;
    }

    /** A URL stands for a canonical. */
    private static void reference(BsonDocument fields, BsonString reference) {
        String text = reference.getValue();
        if (text.indexOf(':') > 0) {
            int bar = text.indexOf('|');
            BsonString other = new BsonString(bar > 0 ? text.substring(0, bar) : text + "|");
            fields.append("t_partof-reference", new BsonArray(List.of(reference, other)));
        } else {
            String id = text.substring(text.lastIndexOf('/') + 1);
            fields.append("t_partof-reference", array(reference)).append("t_partof-id", array(new BsonString(id)));
        }
    }

    private static void tokens(BsonDocument fields, String name, List<BsonValue> identifiers) {
        BsonArray values = new BsonArray();
        BsonArray pairs = new BsonArray();
        for (BsonValue each : identifiers) {
            BsonDocument identifier = each.asDocument();
            String value = identifier.getString("value").getValue();
            values.add(new BsonString(value));
            pairs.add(new BsonString(identifier.getString("system").getValue() + "|" + value));
        }
        if (!values.isEmpty()) {
            fields.append("t_" + name + "-value", values).append("t_" + name + "-sysval", pairs);
        }
    }

    private static void text(BsonDocument fields, String name, List<BsonValue> texts) {
        BsonArray asIs = new BsonArray();
        BsonArray folded = new BsonArray();
        Set<BsonString> grams = new LinkedHashSet<>();
        for (BsonValue text : texts) {
            String value = text.asString().getValue();
            String lower = value.toLowerCase(Locale.ROOT);
            asIs.add(text);
            folded.add(new BsonString(lower));
            String marked = "^" + lower;
            grams.add(new BsonString(marked.substring(0, Math.min(2, marked.length()))));
            for (int i = 0; i + 3 <= marked.length(); i++) {
                grams.add(new BsonString(marked.substring(i, i + 3)));
            }
        }
        if (!asIs.isEmpty()) {
            Set<String> words = new LinkedHashSet<>();
            folded.forEach(each -> WordStarts.addAll(each.asString().getValue(), words));
            fields.append(
                    "t_" + name + "-w",
                    new BsonArray(words.stream().map(BsonString::new).toList()));
            fields.append("t_" + name, asIs)
                    .append("t_" + name + "-i", folded)
                    .append("t_" + name + "-3g", new BsonArray(List.copyOf(grams)));
            bounds(fields, name, folded);
        }
    }

    private static void intervals(BsonDocument fields, String name, List<BsonValue> days) {
        BsonArray intervals = new BsonArray();
        for (BsonValue day : days) {
            long start = startOf(day.asString().getValue());
            intervals.add(new BsonDocument("s", new BsonInt64(start)).append("e", new BsonInt64(start + DAY - 1)));
        }
        if (!intervals.isEmpty()) {
            fields.append("t_" + name, intervals);
            LongSummaryStatistics starts = intervals.stream()
                    .mapToLong(each -> each.asDocument().getInt64("s").getValue())
                    .summaryStatistics();
            fields.append("t_" + name + "-min", new BsonInt64(starts.getMin()))
                    .append("t_" + name + "-max", new BsonInt64(starts.getMax() + DAY - 1));
        }
    }

    private static void bounds(BsonDocument fields, String name, BsonArray texts) {
        List<BsonString> sorted =
                texts.stream().map(BsonValue::asString).sorted().toList();
        fields.append("t_" + name + "-min", sorted.get(0)).append("t_" + name + "-max", sorted.get(sorted.size() - 1));
    }

    /** Numbers in kilograms. */
    private static void quantities(BsonDocument fields, String name, List<BsonValue> numbers) {
        BsonArray intervals = new BsonArray();
        for (BsonValue number : numbers) {
            intervals.add(new BsonDocument("s", number).append("e", number).append("code", new BsonString("kg")));
        }
        if (!intervals.isEmpty()) {
            fields.append("t_" + name, intervals);
        }
    }

    /** The first millisecond of a day in UTC. */
    public static long startOf(String day) {
        return LocalDate.parse(day).atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();
    }

    private static List<BsonValue> array(RawBsonDocument fhir, String name) {
        BsonValue value = fhir.get(name);
        return value == null ? List.of() : value.isArray() ? value.asArray() : List.of(value);
    }

    private static BsonArray array(BsonValue value) {
        return new BsonArray(List.of(value));
    }
}
