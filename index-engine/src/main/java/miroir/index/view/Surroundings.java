package miroir.index.view;

import java.util.Map;

/**
 * What all expressions of a view can name.
 *
 * @param resourceType of which resources the view is
 */
record Surroundings(String resourceType, Map<String, Value> constants, Keys keys) {
    Surroundings {
        constants = Map.copyOf(constants);
    }
}
