package jdk.vm.ci.meta;

/** A method as the compiler interface of HotSpot knows it; named, never called. */
public interface ResolvedJavaMethod {}
