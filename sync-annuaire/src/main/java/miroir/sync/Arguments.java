package miroir.sync;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import miroir.index.NearestName;
import miroir.index.yaml.ConfigurationRefused;

/** What stands on the command line: operands, and options with or without a value. */
record Arguments(List<String> operands, Map<String, String> options) {

    /**
     * Reads it; what is not known is refused by name.
     *
     * @param flags options without a value
     * @param valued options with one
     */
    static Arguments parse(List<String> arguments, Set<String> flags, Set<String> valued) {
        List<String> operands = new ArrayList<>();
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            int equals = argument.indexOf('=');
            String name = equals > 0 ? argument.substring(0, equals) : argument;
            if (!argument.startsWith("--")) {
                operands.add(argument);
            } else if (flags.contains(argument)) {
                options.put(argument, "");
            } else if (valued.contains(name)) {
                if (equals < 0 && i + 1 == arguments.size()) {
                    throw new ConfigurationRefused(name, "needs a value");
                }
                options.put(name, equals > 0 ? argument.substring(equals + 1) : arguments.get(++i));
            } else {
                List<String> known = new ArrayList<>(flags);
                known.addAll(valued);
                throw new ConfigurationRefused(name, "unknown option; " + NearestName.hint(name, known));
            }
        }
        return new Arguments(List.copyOf(operands), Map.copyOf(options));
    }

    boolean has(String option) {
        return options.containsKey(option);
    }

    Optional<String> value(String option) {
        return Optional.ofNullable(options.get(option));
    }

    /** A whole number from one on. */
    int number(String option, int otherwise) {
        String text = value(option).orElse(String.valueOf(otherwise));
        if (!text.matches("[1-9][0-9]{0,6}")) {
            throw new ConfigurationRefused(option, text + " is not a whole number from 1 to 9999999");
        }
        return Integer.parseInt(text);
    }

    /** The operands, at least one. */
    List<String> some(String what) {
        if (operands.isEmpty()) {
            throw new ConfigurationRefused("the command line", "expected " + what + ", got none");
        }
        return operands;
    }

    /** The one operand. */
    String only(String what) {
        if (operands.size() != 1) {
            throw new ConfigurationRefused("the command line", "expected " + what + ", got " + operands);
        }
        return operands.get(0);
    }

    Arguments none() {
        if (!operands.isEmpty()) {
            throw new ConfigurationRefused("the command line", "expected options only, got " + operands);
        }
        return this;
    }
}
