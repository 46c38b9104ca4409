package miroir.server.validation;

import java.util.List;
import java.util.Set;
import miroir.server.configuration.ValidationConfiguration;

/** Finds nothing. The real one is a part of its own, which these tests do without. */
public final class AgreeableValidator implements MakeValidator, ResourceValidator {
    @Override
    public ResourceValidator run(ValidationConfiguration configuration, StoredDefinitions stored) {
        return this;
    }

    @Override
    public Set<String> profiles() {
        return Set.of();
    }

    @Override
    public List<Finding> findings(byte[] json, List<String> profiles) {
        return List.of();
    }
}
