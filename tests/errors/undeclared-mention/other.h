int other(void);
int more_0(void), more_1(void), more_2(void), more_3(void), more_4(void);
int more_5(void), more_6(void), more_7(void), more_8(void), more_9(void);
