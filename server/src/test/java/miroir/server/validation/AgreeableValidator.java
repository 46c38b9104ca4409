package miroir.server.validation;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Finds nothing. The real one is a part of its own, which these tests do without. */
public final class AgreeableValidator implements MakeValidator, ResourceValidator {
    @Override
    public ResourceValidator run(List<Path> packages) {
        return this;
    }

    @Override
    public Set<String> profiles() {
        return Set.of();
    }

    @Override
    public boolean knows(String profile) {
        return false;
    }

    @Override
    public List<Finding> findings(byte[] json, List<String> profiles) {
        return List.of();
    }
}
