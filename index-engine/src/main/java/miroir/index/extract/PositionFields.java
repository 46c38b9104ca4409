package miroir.index.extract;

import java.math.BigDecimal;
import java.util.List;
import miroir.index.path.Capture;
import miroir.index.path.RawValue;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/** {@code near}: one field without suffix, a GeoJSON point. A place that is not on Earth is left out: no index takes it. */
final class PositionFields implements ParameterFields {
    private final FieldPlan plan;
    private @Nullable BsonDocument point;

    PositionFields(FieldPlan plan) {
        this.plan = plan;
    }

    @Override
    public void add(Capture capture, RawValue value) {
        BigDecimal longitude = number(value.get("longitude"));
        BigDecimal latitude = number(value.get("latitude"));
        if (longitude != null && latitude != null) {
            point = point(longitude.doubleValue(), latitude.doubleValue());
        }
    }

    private static @Nullable BigDecimal number(@Nullable RawValue value) {
        return value == null ? null : value.number();
    }

    private static @Nullable BsonDocument point(double longitude, double latitude) {
        if (Math.abs(longitude) > 180 || Math.abs(latitude) > 90) {
            return null;
        }
        BsonArray coordinates = new BsonArray(List.of(new BsonDouble(longitude), new BsonDouble(latitude)));
        return new BsonDocument("type", new BsonString("Point")).append("coordinates", coordinates);
    }

    @Override
    public void write(BsonDocument fields) {
        if (point != null) {
            fields.append(plan.base(), point);
        }
    }
}
