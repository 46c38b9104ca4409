package miroir.sql;

import java.util.List;
import miroir.index.NearestName;
import miroir.index.yaml.ConfigurationRefused;
import org.jspecify.annotations.Nullable;

/**
 * What is asked for: {@code --copy NAME}, {@code --rebuild}.
 *
 * @param copy null: all of them
 */
record SqlOptions(@Nullable String copy, boolean rebuild) {

    /** What stands behind a command. */
    static SqlOptions parse(String command, List<String> rest) {
        String copy = null;
        boolean rebuild = false;
        for (int i = 0; i < rest.size(); i++) {
            String option = rest.get(i);
            if (option.equals("--rebuild") && command.equals("once")) {
                rebuild = true;
            } else if (option.startsWith("--copy=")) {
                copy = option.substring("--copy=".length());
            } else if (option.equals("--copy") && i + 1 < rest.size()) {
                copy = rest.get(++i);
            } else {
                List<String> known = command.equals("once") ? List.of("--copy", "--rebuild") : List.of("--copy");
                throw new ConfigurationRefused(
                        option,
                        option.equals("--copy")
                                ? "needs a value"
                                : "is no option of this; " + NearestName.hint(option, known));
            }
        }
        return new SqlOptions(copy, rebuild);
    }
}
