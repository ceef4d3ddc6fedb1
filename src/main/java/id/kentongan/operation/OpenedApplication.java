// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation;

import java.util.function.ToIntFunction;
import org.springframework.beans.factory.BeanFactory;

/** Opens the application for one administrative verb: its modules, without web server, jobs and workers. */
@FunctionalInterface
public interface OpenedApplication {
    /**
     * Closed again when the work returns.
     *
     * @return the exit code that the work returns
     */
    int with(ToIntFunction<BeanFactory> work);
}
