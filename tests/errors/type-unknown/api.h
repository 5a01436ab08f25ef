int f(int a);
_Complex double g(_Complex double a);
