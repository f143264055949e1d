declare module "@tanstack/react-router" {
  interface StaticDataRouteOption {
    /** The page takes the whole window beside a narrow navigation. */
    fullScreen?: boolean;
  }
}

export {};
