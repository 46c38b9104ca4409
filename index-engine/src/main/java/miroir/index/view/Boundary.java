package miroir.index.view;

import java.math.BigDecimal;
import java.time.YearMonth;
import org.jspecify.annotations.Nullable;

/** The least or the greatest value that one may mean that is written no more precisely: {@code lowBoundary()} and {@code highBoundary()}. */
enum Boundary {
    LOW("-01", "-01", "T00:00", ":00", ".000", "+14:00"),
    HIGH("-12", null, "T23:59", ":59", ".999", "-12:00");

    private static final BigDecimal HALF = new BigDecimal("0.5");
    private static final int YEAR = 4;
    private static final int MONTH = 7;
    private static final int DAY = 10;
    private static final int MINUTE = 16;
    private static final int SECOND = 19;
    private static final int MINUTE_OF_DAY = 5;

    private final String month;
    private final @Nullable String day;
    private final String minute;
    private final String second;
    private final String fraction;
    private final String offset;

    Boundary(String month, @Nullable String day, String minute, String second, String fraction, String offset) {
        this.month = month;
        this.day = day;
        this.minute = minute;
        this.second = second;
        this.fraction = fraction;
        this.offset = offset;
    }

    /** Null where it has none. */
    @Nullable
    Value of(Value value) {
        Object simple = value.simple();
        if (simple instanceof BigDecimal number) {
            return Value.of("decimal", of(number));
        }
        String text = simple instanceof String written ? of(value.type(), written) : null;
        return text == null ? null : Value.of(value.type(), text);
    }

    private BigDecimal of(BigDecimal number) {
        BigDecimal half = HALF.scaleByPowerOfTen(-number.scale());
        return this == LOW ? number.subtract(half) : number.add(half);
    }

    private @Nullable String of(String type, String text) {
        return switch (type) {
            case "date" -> date(text);
            case "dateTime", "instant" -> dateTime(text);
            case "time" -> time(text);
            default -> null;
        };
    }

    private String time(String text) {
        String toSecond = text.length() == MINUTE_OF_DAY ? text + second : text;
        return toSecond.indexOf('.') < 0 ? toSecond + fraction : toSecond;
    }

    private @Nullable String date(String text) {
        String toMonth = text.length() == YEAR ? text + month : text;
        if (toMonth.length() != MONTH) {
            return toMonth.length() == DAY ? toMonth : null;
        }
        return toMonth + (day == null ? "-" + YearMonth.parse(toMonth).lengthOfMonth() : day);
    }

    private @Nullable String dateTime(String text) {
        if (text.indexOf('T') < 0) {
            String date = date(text);
            return date == null ? null : date + minute + second + fraction + offset;
        }
        String zone = Moments.hasOffset(text) ? zone(text) : "";
        String time = text.substring(0, text.length() - zone.length());
        String toSecond = time.length() == MINUTE ? time + second : time;
        String whole = toSecond.length() == SECOND ? toSecond + fraction : toSecond;
        return whole + (zone.isEmpty() ? offset : zone);
    }

    private static String zone(String text) {
        return text.endsWith("Z") ? "Z" : text.substring(text.length() - "+14:00".length());
    }
}
