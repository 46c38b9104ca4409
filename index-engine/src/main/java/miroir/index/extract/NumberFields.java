package miroir.index.extract;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import miroir.index.path.Capture;
import miroir.index.path.RawValue;
import org.bson.BsonArray;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.types.Decimal128;
import org.jspecify.annotations.Nullable;

/** Numbers and quantities: one field without suffix, an array of {@code {s, e}} and the unit of a quantity. */
final class NumberFields implements ParameterFields {
    private final FieldPlan plan;
    private final List<BsonDocument> values = new ArrayList<>();
    private final SortBounds<Decimal128> bounds = new SortBounds<>();

    NumberFields(FieldPlan plan) {
        this.plan = plan;
    }

    @Override
    public void add(Capture capture, RawValue value) {
        switch (capture.dataType()) {
            case "Range" -> addRange(value);
            case "Money" -> addMoney(value);
            case "SampledData" -> addSamples(value);
            default -> addSingle(value);
        }
    }

    private void addSingle(RawValue value) {
        BigDecimal number = value.isDocument() ? number(value, "value") : value.number();
        if (number != null) {
            String comparator = value.isDocument() ? value.text("comparator") : null;
            add(NumberInterval.of(number, comparator), value);
        }
    }

    /** Both ends are in it, and exact: R4 says that 1.99 is not in the range from 2 to 3. */
    private void addRange(RawValue range) {
        RawValue low = range.get("low");
        RawValue high = range.get("high");
        BigDecimal from = low == null ? null : number(low, "value");
        BigDecimal to = high == null ? null : number(high, "value");
        if (from != null || to != null) {
            NumberInterval interval = new NumberInterval(from, to);
            if (!interval.isEmpty()) {
                add(interval, low == null ? high : low);
            }
        }
    }

    private void addMoney(RawValue money) {
        BigDecimal amount = number(money, "value");
        if (amount != null) {
            BsonDocument document = document(NumberInterval.of(amount));
            append(document, "system", "urn:iso:std:iso:4217");
            append(document, "code", money.text("currency"));
            append(document, "unit", money.text("currency"));
        }
    }

    private void addSamples(RawValue samples) {
        NumberInterval interval = Samples.interval(samples);
        if (interval != null) {
            add(interval, samples.get("origin"));
        }
    }

    private void add(NumberInterval interval, @Nullable RawValue quantity) {
        BsonDocument document = document(interval);
        if (quantity != null) {
            append(document, "system", quantity.text("system"));
            append(document, "code", quantity.text("code"));
            append(document, "unit", quantity.text("unit"));
        }
    }

    private BsonDocument document(NumberInterval interval) {
        BsonDocument document = interval.toBson();
        values.add(document);
        bounds.add(interval.low(), interval.high());
        return document;
    }

    private static void append(BsonDocument document, String name, @Nullable String text) {
        if (text != null) {
            document.append(name, new BsonString(text));
        }
    }

    private static @Nullable BigDecimal number(RawValue value, String name) {
        RawValue number = value.get(name);
        return number == null ? null : number.number();
    }

    @Override
    public void write(BsonDocument fields) {
        fields.append(plan.base(), new BsonArray(values.stream().distinct().toList()));
        bounds.write(fields, plan, BsonDecimal128::new);
    }
}
